using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// Where the controller's records become facts. With one controller that is its own disk; with a quorum it is the
/// majority's. Used by one caller at a time.
/// </summary>
internal interface IMetadataLog : IDisposable
{
    /// <summary>Gives all committed records, oldest first, in lists of a bounded size with the offset of the last.</summary>
    void ReadAll(Action<IReadOnlyList<IRecordMessage>, long> replay);

    /// <summary>Completes once the records can no longer be lost: all of them, or, with an exception, none.</summary>
    /// <returns>The offset of the last record.</returns>
    ValueTask<long> CommitAsync(IReadOnlyList<IRecordMessage> records);

    /// <summary>Syncs and lets go of the files.</summary>
    void Close();
}
