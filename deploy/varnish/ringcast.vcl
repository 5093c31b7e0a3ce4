# Varnish as the cache in front of ringcast. Varnish passes a segment that is still arriving to all who ask for it.
# docs/scaling.md gives the reasons.
#
# A ringcast that listens on 127.0.0.1 is private. Start it with --allow-host and the name that listeners type here, such as
# --allow-host radio.example. To let pages of other sites embed the stream, add --allow-origin '*'.
vcl 4.1;

import std;

backend default {
  .host = "127.0.0.1";
  .port = "8080";
  .first_byte_timeout = 5s;
}

sub vcl_recv {
  # The parts of a query on which an answer depends. Every other part, such as a session, has no effect and is not passed on.
  set req.url = regsuball(req.url, "(?<=[?&])(?!_HLS_(msn|part|skip)=|prompt=(&|$))[^&]*&?", "");
  set req.url = std.querysort(regsub(req.url, "[?&]+$", ""));
  unset req.http.Cookie;
  # The endless stream: each listener has an answer of its own.
  if (req.url == "/live.mp3") {
    return (pipe);
  }
}

sub vcl_pipe {
  # Otherwise later requests on this connection would bypass these rules.
  set bereq.http.Connection = "close";
}

sub vcl_backend_fetch {
  # Only the log here uses a listener's name (%{Ringcast-Session}i). ringcast would count only the first of many listeners.
  unset bereq.http.Ringcast-Session;
  # ringcast holds these requests until the file exists, for three target durations at most.
  if (bereq.url ~ "\.mp3(\?|$)|_HLS_msn=") {
    set bereq.first_byte_timeout = 100s;
  }
}

sub vcl_backend_response {
  # Varnish delivers no outdated answer.
  set beresp.grace = 0s;
  # Varnish keeps no failure and no private answer. For a second Varnish remembers only that such an answer may not be kept:
  # meanwhile no request waits for the answer to another one.
  if (beresp.http.Cache-Control !~ "public") {
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
}
