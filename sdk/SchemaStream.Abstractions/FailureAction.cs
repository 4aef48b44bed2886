namespace SchemaStream;

/// <summary>What becomes of a record that could not be read or handled, once all attempts are used up.</summary>
public enum FailureAction
{
    /// <summary>Reading ends with the exception, and meets the record again when it is started again.</summary>
    Throw = 0,

    /// <summary>The record is logged, counted and passed over.</summary>
    Skip = 1,

    /// <summary>
    /// The record's own bytes and headers go to the dead-letter topic, with headers that say why, and reading goes on.
    /// It counts as handled only once the brokers have acknowledged it there.
    /// </summary>
    DeadLetter = 2,
}
