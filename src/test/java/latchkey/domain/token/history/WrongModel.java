package latchkey.domain.token.history;

/// Rules with one mistake each, as an engine might have it.
enum WrongModel {
  NO_LEEWAY(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean inLeeway(Row row, long now) {
          return false;
        }
      };
    }
  },
  NO_SETTLING(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean settles(Row row, Who who, long now) {
          return false;
        }
      };
    }
  },
  SETTLING_FROM_ANYWHERE(false) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean settles(Row row, Who who, long now) {
          return now - row.issuedAt() < setup.settling();
        }
      };
    }
  },
  REPEATS_FROM_TWO_BEFORE(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean isLast(Row row, long presented) {
          return presented >= row.generation() - 2;
        }
      };
    }
  },
  NEVER_IN_USE(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean successorInUse(int replica, Row row) {
          return false;
        }
      };
    }
  },
  IGNORES_WHAT_IS_NOT_FLUSHED(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean successorInUse(int replica, Row row) {
          return row.used() >= row.generation();
        }
      };
    }
  },
  NEVER_FLUSHES(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        public void flush(int replica) {
          crash(replica);
        }
      };
    }
  },
  FORGETS_WHAT_WAS_REDEEMED(false) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected Row redeemed(Row row, long presented) {
          return row;
        }
      };
    }
  },
  LETS_A_REUSED_SESSION_LIVE(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected Answer reuse(Row row) {
          tellOfReuse();
          return new Answer.Refused();
        }
      };
    }
  },
  TELLS_NOBODY(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected void tellOfReuse() {}
      };
    }
  },
  TAKES_A_LOST_ROTATION_FOR_REUSE(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected Answer adopt(int replica, Row row, long presented, Who who, long now) {
          return reuse(row);
        }
      };
    }
  },
  LOGS_OUT_WHO_IS_LOCKED(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected Answer whileLocked() {
          return new Answer.Refused();
        }
      };
    }
  },
  SERVES_WHO_HAS_ENDED(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean isOpen(Row row) {
          return true;
        }
      };
    }
  },
  MISSES_THE_LOCKSTEP_THIEF(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean areTwo(Who rotator, Who who) {
          return false;
        }
      };
    }
  },
  SUSPECTS_TWO_TABS(true) {
    @Override
    Model begin(Setup setup, long now) {
      return new Model(setup, now) {
        @Override
        protected boolean areTwo(Who rotator, Who who) {
          return true;
        }
      };
    }
  };

  private final boolean breaksAnInvariant;

  WrongModel(boolean breaksAnInvariant) {
    this.breaksAnInvariant = breaksAnInvariant;
  }

  abstract Model begin(Setup setup, long now);

  /// Whether somebody is worse off, rather than only treated differently.
  boolean breaksAnInvariant() {
    return breaksAnInvariant;
  }
}
