package latchkey.cli.doctor;

import java.util.List;

/// What a reverse proxy in front of the homeserver has to say, in the words of four of them. The
/// whole files are in `deploy/`.
final class ProxyAdvice {
  private ProxyAdvice() {}

  /// For the login of clients that know no OAuth.
  static final List<String> LEGACY =
      List.of(
          "Above what sends /_matrix to Synapse, put (whole files: deploy/):",
          "nginx:    location ~ ^/_matrix/client/[^/]+/(login|login/.*|logout|logout/all|refresh)$ {"
              + " proxy_pass http://latchkey; }",
          "Caddy:    @legacy path_regexp"
              + " ^/_matrix/client/[^/]+/(login|login/.*|logout|logout/all|refresh)$",
          "          handle @legacy { reverse_proxy unix//run/latchkey/http.sock }",
          "Traefik:  rule: Host(`matrix.example.com`) &&"
              + " PathRegexp(`^/_matrix/client/[^/]+/(login|login/.*|logout|logout/all|refresh)$`)",
          "Apache:   RewriteRule"
              + " ^/_matrix/client/[^/]+/(login|login/.*|logout|logout/all|refresh)$"
              + " unix:/run/latchkey/http.sock|http://latchkey%{REQUEST_URI} [P,L]");

  /// For the document by which clients find us.
  static final List<String> METADATA =
      List.of(
          "Above what sends /_matrix to Synapse, put (whole files: deploy/):",
          "nginx:    location ~ ^/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$ {"
              + " proxy_pass http://latchkey; }",
          "Caddy:    @metadata path_regexp"
              + " ^/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$",
          "          handle @metadata { reverse_proxy unix//run/latchkey/http.sock }",
          "Traefik:  rule: Host(`matrix.example.com`) &&"
              + " PathRegexp(`^/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$`)",
          "Apache:   RewriteRule"
              + " ^/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$"
              + " unix:/run/latchkey/http.sock|http://latchkey%{REQUEST_URI} [P,L]");
}
