"""A microphone whose sound the browser does not change, for measurements."""

# Noise suppression takes a steady tone for noise, and gain control changes its level. The echo canceller stays as the
# page wants it.
KEEP_SIGNAL = """(() => {
    const media = navigator.mediaDevices, getUserMedia = media?.getUserMedia.bind(media);
    if (media) media.getUserMedia = (constraints) => {
        const audio = constraints.audio && { ...constraints.audio, noiseSuppression: false, autoGainControl: false };
        return getUserMedia({ ...constraints, audio });
    };
})()"""
