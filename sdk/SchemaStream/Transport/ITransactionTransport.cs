using System.Runtime.InteropServices;

namespace SchemaStream.Transport;

/// <summary>The road to the brokers for transactions over several topics. One caller at a time.</summary>
/// <remarks>
/// What can be repeated is repeated inside, until the caller's token ends it. All else throws: <see cref="TransactionAbortedException"/>
/// where aborting and beginning anew helps, <see cref="ProducerFencedException"/> where another has the transactional id,
/// <see cref="BrokerException"/> where only a new producer helps, or none.
/// </remarks>
internal interface ITransactionTransport : IAsyncDisposable
{
    /// <summary>Whether nothing can be done with it any more, as when another has the transactional id.</summary>
    bool IsSpent { get; }

    /// <summary>Whether it was told so already: a look at a field, for each record.</summary>
    bool HasFailed { get; }

    /// <summary>The road for one topic; no name twice. It ends with this.</summary>
    IProducerTransport OpenTopic(string topic);

    /// <summary>Takes the transactional id over from who had it before, and ends what that left open.</summary>
    Task InitializeAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction.</summary>
    Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>Adds a group's progress to the transaction.</summary>
    /// <param name="topic">The topic that the group reads.</param>
    /// <param name="positions">Per partition the offset of the next record to handle.</param>
    /// <param name="group">The member's place in its group when it had these partitions.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task SendOffsetsAsync(
        string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group, CancellationToken cancellationToken);

    /// <summary>Completes when every record of the transaction is with librdkafka or was refused by it.</summary>
    Task HandOverAsync(CancellationToken cancellationToken);

    /// <summary>Makes all of the transaction that was handed over visible, or throws.</summary>
    Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>Makes nothing of the transaction visible.</summary>
    Task AbortAsync(CancellationToken cancellationToken);

    /// <summary>Where the partitions of a topic end now.</summary>
    Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken);
}
