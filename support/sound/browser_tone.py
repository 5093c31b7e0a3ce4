"""A tone that the browser itself makes beside the sound of a page.

Each AudioContext of the page gets oscillators, which need no data and no script. The browser plays the oscillators and
the page's sound through one graph and one stream. So a hole in the tone is a hole in the browser's output, and the
sound of the page has the same hole for the same reason.
"""

from support.sound import ear

# Two tones, because a splice may be a whole number of periods of one of them. Far from every pilot of the ear, and
# below the ear's bursts.
HERTZ = (846.3, 1011.3)
LEVEL = 0.05
# A longer hole is the page's, whoever else has it, in seconds: a page that closes its AudioContext ends the tone, too.
_LONGEST = 0.03
# The two sounds have a flaw at the same time if the flaws are this near, in seconds. The ear rounds a jump to 0.1 s.
_NEAR = 0.1

# Runs in a page before the page's own scripts.
SCRIPT = f"""(() => {{
    const Plain = AudioContext;
    window.AudioContext = class extends Plain {{
        constructor(...options) {{
            super(...options);
            for (const frequency of {list(HERTZ)}) {{
                const tone = new OscillatorNode(this, {{ frequency }});
                tone.connect(new GainNode(this, {{ gain: {LEVEL} }})).connect(this.destination);
                tone.start();
            }}
        }}
    }};
}})()"""


def own_flaws(sound, heard):
    """The flaws of a page's sound that the browser's tone does not have at the same time, and the times of the flaws
    that both have. `heard` is the ear's finding about the page's sound."""
    # The edges of a gap are found a little sooner or later in each tone.
    tone = ear.listen(sound, HERTZ, shortest=0.007)
    is_there = tone.level > LEVEL / 2
    torn = [(at, at + length) for at, length in tone.dropouts] + [(at, at) for at in tone.jumps]
    torn = [(first, last) for first, last in torn if last - first <= _LONGEST]

    def is_shared(begin, end):
        is_near = any(begin - _NEAR <= last and first <= end + _NEAR for first, last in torn)
        return is_there and end - begin <= _LONGEST and is_near
    flaws = [(at, at + length) for at, length in heard.dropouts] + [(at, at) for at in heard.jumps]
    own = [flaw for flaw in flaws if not is_shared(*flaw)]
    return own, sorted({round(begin, 1) for begin, end in flaws if is_shared(begin, end)})
