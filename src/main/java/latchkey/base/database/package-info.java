/// The one PostgreSQL: how it is configured, whether it is there, what time it is on it, and its
/// migrations. Life without it is described in `docs/admin/README.md`: listeners open first,
/// nothing exits later.
@NullMarked
package latchkey.base.database;

import org.jspecify.annotations.NullMarked;
