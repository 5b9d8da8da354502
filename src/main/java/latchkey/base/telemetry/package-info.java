/// What is told to those who watch the service: traces, metrics, crashes.
@NullMarked
package latchkey.base.telemetry;

import org.jspecify.annotations.NullMarked;
