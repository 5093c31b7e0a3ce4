# Varnish as the cache in front of ringcast. Varnish passes a segment that is still arriving to all who ask for it.
# docs/scaling.md gives the reasons.
#
# ringcast needs no --allow-host: Varnish asks for localhost, whatever the listeners type. To let pages of other sites embed
# the stream, start ringcast with --allow-origin '*'. Rooms need --allow-host NAME, the name that people type, and
# --trusted-proxy with the address of Varnish (and of nginx), so that a ban concerns the address of a member.
vcl 4.1;

backend default {
  .host = "127.0.0.1";
  .port = "8080";
  .first_byte_timeout = 5s;
}

sub vcl_recv {
  # The messages, events and actions of rooms are between a member and ringcast. Varnish gives up a connection that is silent
  # for 60 s (pipe_timeout); ringcast sends something every 20 s at least.
  if (req.url ~ "^/rooms/(list\.(json|events)|[a-z0-9_-]+/(socket|messages|events|actions|invites|members))(\?|$)") {
    return (pipe);
  }

  if (req.method !~ "^(GET|HEAD|OPTIONS)$") {
    return (synth(405));
  }
  # An answer depends on nothing that a client sends but the path and the directives below. With any of these fields in a
  # request to ringcast, one client could decide what all others get.
  set req.http.Host = "localhost";
  unset req.http.Authorization;
  unset req.http.Cookie;
  unset req.http.Origin;
  unset req.http.Referer;
  unset req.http.Sec-Fetch-Dest;
  unset req.http.Sec-Fetch-Mode;
  unset req.http.Sec-Fetch-Site;

  # Each path has one spelling. No name in a playlist or in the page has a percent sign.
  set req.http.Ringcast-Path = regsuball(regsub(req.url, "\?.*$", ""), "//+", "/");
  if (req.http.Ringcast-Path ~ "%") {
    return (synth(400));
  }
  # So has each directive of a playlist request (rfc8216bis §6.2.5). Every other part of a query, such as a session, has no
  # effect and is not passed on.
  set req.http.Ringcast-Query = "";
  if (req.http.Ringcast-Path ~ "-ll\.m3u8$") {
    if (req.url ~ "[?&]_HLS_msn=") {
      set req.http.Ringcast-Query =
        regsub(req.url, "^[^?]*\?(?:.*?&)??(_HLS_msn=[^&]*).*$", "\1&");
    }
    if (req.url ~ "[?&]_HLS_part=") {
      set req.http.Ringcast-Query = req.http.Ringcast-Query +
        regsub(req.url, "^[^?]*\?(?:.*?&)??(_HLS_part=[^&]*).*$", "\1&");
    }
    if (req.url ~ "[?&]_HLS_skip=") {
      set req.http.Ringcast-Query = req.http.Ringcast-Query +
        regsub(req.url, "^[^?]*\?(?:.*?&)??(_HLS_skip=[^&]*).*$", "\1&");
    }
    if (req.http.Ringcast-Query !~
      "^(_HLS_msn=(0|[1-9][0-9]{0,14})&(_HLS_part=(0|[1-9][0-9]{0,14})&)?)?(_HLS_skip=(YES|v2)&)?$") {
      return (synth(400));
    }
  } elsif (req.http.Ringcast-Path ~ "/.*\.mp3$" && req.url ~ "[?&]prompt=(&|$)") {
    set req.http.Ringcast-Query = "prompt=";
  }
  set req.url = req.http.Ringcast-Path;
  if (req.http.Ringcast-Query != "") {
    set req.url = req.url + "?" + regsub(req.http.Ringcast-Query, "&$", "");
  }
  unset req.http.Ringcast-Path;
  unset req.http.Ringcast-Query;

  # The endless stream: each listener has an answer of its own. Recordings: a listener asks for ranges of files of many
  # megabytes, and a cache would fetch all of a file for each range.
  # So do the pictures as an answer without an end.
  if (req.url ~ "^/((recordings/)?[^/?]+\.mp3|[^/?]+/picture\.mjpeg)$" && req.method != "OPTIONS") {
    return (pipe);
  }
}

sub vcl_pipe {
  # Otherwise later requests on this connection would bypass these rules. A connection that becomes a WebSocket has no later
  # requests.
  if (req.http.Upgrade) {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = "upgrade";
  } else {
    set bereq.http.Connection = "close";
  }
}

sub vcl_backend_fetch {
  # Only the log here uses a listener's name (%{Ringcast-Session}i). ringcast would count only the first of many listeners.
  unset bereq.http.Ringcast-Session;
  # ringcast holds these requests until the file exists, for three target durations at most.
  if (bereq.url ~ "\.mp3(\?|$)|_HLS_msn=|/pictures/[0-9]+\.json$") {
    set bereq.first_byte_timeout = 100s;
  }
}

sub vcl_backend_response {
  # Varnish delivers no outdated answer.
  set beresp.grace = 0s;
  # Varnish keeps no failure, and no failure ends the waiting for one answer: of those who wait, one asks again.
  if (beresp.status >= 400) {
    set beresp.ttl = 0s;
    return (deliver);
  }
  # Varnish keeps no private answer. For a second Varnish remembers only that such an answer may not be kept: meanwhile no
  # request waits for the answer to another one.
  if (beresp.http.Cache-Control !~ "public") {
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
}

sub vcl_synth {
  # Varnish's own refusals.
  set resp.http.Cache-Control = "no-store";
  set resp.http.Content-Type = "text/plain; charset=utf-8";
  if (resp.status == 405) {
    set resp.http.Allow = "GET, HEAD, OPTIONS";
  }
  synthetic(resp.reason + {"
"});
  return (deliver);
}
