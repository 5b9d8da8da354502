package latchkey.base.web;

import latchkey.base.language.LanguagePriorityList;
import org.jspecify.annotations.Nullable;

/// Who is asking, as far as a request shows it.
public record Requester(
    @Nullable String ipAddress, @Nullable String userAgent, LanguagePriorityList languages) {}
