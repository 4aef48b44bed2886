namespace SchemaStream;

/// <summary>When a consumer tells its group how far it is.</summary>
public enum CommitMode
{
    /// <summary>Handled records, every few seconds, and when partitions move or the consumer closes.</summary>
    Auto = 0,

    /// <summary>Only when the application calls <c>CommitAsync</c>.</summary>
    Manual = 1,

    /// <summary>Each record once it is handled, before the next one is handed out: slow, and the fewest repeats.</summary>
    AfterEach = 2,
}
