namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>How a partition's log is let go of.</summary>
internal enum PartitionEnd
{
    /// <summary>As a crash would: what is on disk stays for the next start to look at, or is about to be deleted.</summary>
    Abandoned,

    /// <summary>Flushed, with all that makes the next start a quick one.</summary>
    Clean,
}
