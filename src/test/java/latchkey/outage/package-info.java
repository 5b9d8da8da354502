/// Replicas, their database and their homeserver in trouble, under traffic, and a checker that
/// knows the truth.
@NullMarked
package latchkey.outage;

import org.jspecify.annotations.NullMarked;
