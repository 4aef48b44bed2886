namespace SchemaStream;

/// <summary>When a consumer tells its group how far it is.</summary>
public enum CommitMode
{
    /// <summary>Handled records, every few seconds, and when partitions move or the consumer closes.</summary>
    Auto = 0,

    /// <summary>Only when the application calls <c>CommitAsync</c>.</summary>
    Manual = 1,

    /// <summary>
    /// What is handled, at once: a loop's record or batch before the next is handed out; with handlers side by side, as
    /// soon as all before it in its partition are handled. The fewest repeats, and a request to the brokers each time.
    /// </summary>
    AfterHandling = 2,
}
