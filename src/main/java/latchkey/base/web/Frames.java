package latchkey.base.web;

import jakarta.inject.Singleton;

/// Makes the frame of a page out of `branding`. The service goes by its configured name, else by
/// its host.
@Singleton
public class Frames {
  private final Frame frame;

  Frames(HttpConfig http, BrandingConfig branding) {
    this.frame =
        new Frame(
            "en",
            "ltr",
            branding.serviceName().orElse(String.valueOf(http.publicBase().getHost())),
            http.path("/"),
            branding.policyUri().orElse(null),
            branding.tosUri().orElse(null),
            branding.imprint().orElse(null));
  }

  public Frame frame() {
    return frame;
  }
}
