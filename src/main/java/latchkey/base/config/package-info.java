/// `config.yaml`: reading it with line marks, merging several files, and telling every fault in one
/// list. The sections themselves stand beside the code that reads them.
@NullMarked
package latchkey.base.config;

import org.jspecify.annotations.NullMarked;
