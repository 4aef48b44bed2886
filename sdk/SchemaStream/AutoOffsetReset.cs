namespace SchemaStream;

/// <summary>Where a group begins that has committed nothing yet.</summary>
public enum AutoOffsetReset
{
    /// <summary>At the first record that the topic still has.</summary>
    Earliest = 0,

    /// <summary>Behind the last record: only what comes from now on.</summary>
    Latest = 1,

    /// <summary>Nowhere: reading fails.</summary>
    None = 2,
}
