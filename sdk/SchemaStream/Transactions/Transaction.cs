using SchemaStream.Transport;

namespace SchemaStream.Transactions;

/// <summary>One transaction of a producer, from its beginning to its one end.</summary>
/// <param name="producer">The producer.</param>
internal sealed class Transaction(TransactionalProducer producer) : ITransaction
{
    /// <summary>librdkafka's name for a transaction that takes no more records.</summary>
    private const string HasFailed = "STATE";

    /// <summary>Its name for an answer that did not come.</summary>
    private const string TimedOut = "TIMED_OUT";

    private int _hasEnded;
    private bool _isCommitting;

    /// <summary>The end that a record's sender has brought about; null as long as there is none.</summary>
    private TaskCompletionSource? _earlyEnd;

    public bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    public ValueTask EnqueueAsync<TKey, TValue>(
        Topic<TKey, TValue> topic,
        TKey key,
        TValue value,
        RecordOptions options = default,
        CancellationToken cancellationToken = default)
    {
        return EnqueueAsync(topic, new OutgoingRecord<TKey, TValue>(key, value, options), cancellationToken);
    }

    public ValueTask EnqueueTombstoneAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, TKey key, RecordOptions options = default, CancellationToken cancellationToken = default) =>
        EnqueueAsync(topic, new OutgoingRecord<TKey, TValue>(key, default!, options) { IsTombstone = true }, cancellationToken);

    /// <summary>Sends what a mapping has made of a record.</summary>
    public ValueTask EnqueueAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, in OutgoingRecord<TKey, TValue> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (Volatile.Read(ref _earlyEnd) is { } end)
        {
            return new ValueTask(end.Task);
        }

        DemandOpen();
        if (producer.Failures.HasAny || producer.Transport.HasFailed)
        {
            return new ValueTask(EndEarlyAsync(cancellationToken));
        }

        var enqueuing = producer.EnqueueAsync(topic, record, cancellationToken);
        return enqueuing.IsCompletedSuccessfully ? enqueuing : ExplainAsync(enqueuing, cancellationToken);
    }

    /// <summary>
    /// It cannot be committed any more, so that nothing further is sent: its end says why. All that send at the time are told
    /// the same.
    /// </summary>
    private async Task EndEarlyAsync(CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _earlyEnd, mine, null) is { } first)
        {
            await first.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await CommitAsync(cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException("The transaction has ended."); // not reached: it cannot be committed
        }
        catch (Exception failure)
        {
            mine.SetException(failure);
            _ = mine.Task.Exception; // seen: often no one else sends
            throw;
        }
    }

    /// <summary>A refusal may be the record's own fault. If the transaction has failed, or its producer, its end says so and why.</summary>
    private async ValueTask ExplainAsync(ValueTask enqueuing, CancellationToken cancellationToken)
    {
        try
        {
            await enqueuing.ConfigureAwait(false);
        }
        catch (DeliveryException refusal) when ((refusal.Failure?.Code == HasFailed || producer.Transport.IsSpent)
            && (!HasEnded || Volatile.Read(ref _earlyEnd) is not null))
        {
            await EndEarlyAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public Task AddPositionsAsync<TKey, TValue>(
        ITopicConsumer<TKey, TValue> consumer,
        IEnumerable<RecordPosition> positions,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        ArgumentNullException.ThrowIfNull(positions);
        DemandOpen();
        var member = consumer as IGroupMember ?? throw new ArgumentException("Not a consumer of this SDK.", nameof(consumer));
        var (topic, known) = (consumer.Topic.Name, new List<RecordPosition>());
        foreach (var position in positions)
        {
            if (!string.Equals(position.Topic, topic, StringComparison.Ordinal))
            {
                throw new ArgumentException($"{position} is no position of a consumer of topic '{topic}'.", nameof(positions));
            }

            if (position.Offset >= 0)
            {
                known.Add(position);
            }
            else if (position.Offset != PartitionOffset.Unknown)
            {
                throw new ArgumentException($"{position} is no offset that can be committed.", nameof(positions));
            }
        }

        return AddPositionsAsync(member.Transport, topic, known, cancellationToken);
    }

    /// <summary>Adds the positions of partitions, if they are all still the member's.</summary>
    public async Task AddAsync(
        IConsumerTransport reader,
        string topic,
        IReadOnlyCollection<KeyValuePair<AssignedPartition, long>> positions,
        CancellationToken cancellationToken)
    {
        // First the member's place, then the look at the partitions: one that leaves later makes the place an old one, which
        // the coordinator refuses.
        using var place = reader.GroupMetadata()
            ?? throw await AbortAsync(new TransactionAbortedException(
                "REBALANCE_IN_PROGRESS", $"The member that reads topic '{topic}' has no place in its group at present")).ConfigureAwait(false);
        foreach (var (partition, _) in positions)
        {
            if (partition.IsRevoked)
            {
                throw await AbortAsync(Revoked(partition.Name)).ConfigureAwait(false);
            }
        }

        try
        {
            await producer.Transport.SendOffsetsAsync(
                topic, [.. positions.Select(each => (each.Key.Name.Partition, each.Value))], place, cancellationToken).ConfigureAwait(false);
        }
        catch (TransactionAbortedException failure)
        {
            throw await AbortAsync(failure).ConfigureAwait(false);
        }
        catch (BrokerException refusal) when (refusal.Code is "ILLEGAL_GENERATION" or "UNKNOWN_MEMBER_ID" or "FENCED_INSTANCE_ID")
        {
            throw await AbortAsync(new TransactionAbortedException(refusal.Code, refusal.Message, refusal)).ConfigureAwait(false);
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        End();
        try
        {
            // A record that the client itself has refused is no concern of the brokers: they would commit without it.
            await producer.Transport.HandOverAsync(cancellationToken).ConfigureAwait(false);
            if (producer.Failures.Take() is { } refused)
            {
                throw new TransactionAbortedException(
                    refused.Code, $"A record for topic '{refused.Topic}' was not delivered: {refused.Reason}", new DeliveryException(refused));
            }

            cancellationToken.ThrowIfCancellationRequested();
            await SeeThroughAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TransactionAbortedException failure)
        {
            throw await AbortNativelyAsync(failure).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_isCommitting)
        {
            // Left open, it would keep the group's next member and all readers of committed data waiting until it times out.
            await AbortAtEndAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task AbortAsync(CancellationToken cancellationToken = default)
    {
        End();
        return producer.Transport.AbortAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            await AbortAtEndAsync().ConfigureAwait(false);
        }
    }

    private static TransactionAbortedException Revoked(TopicPartition partition) => new(
        "REBALANCE_IN_PROGRESS", $"{partition.Topic}[{partition.Partition}] is another member's by now: its records are handled there");

    /// <summary>
    /// The brokers may have heard of it from now on: whoever stops waiting gets the outcome all the same, unless they do not
    /// say it in the time that a transaction has.
    /// </summary>
    private async Task SeeThroughAsync(CancellationToken cancellationToken)
    {
        _isCommitting = true;
        using var limit = new CancellationTokenSource();
        var stopping = cancellationToken.UnsafeRegister(_ => limit.CancelAfter(producer.LongestAbort), null);
        await using (stopping.ConfigureAwait(false))
        {
            await producer.Transport.CommitAsync(limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody is left to be told of a failure.</summary>
    private async ValueTask AbortAtEndAsync()
    {
        using var limit = new CancellationTokenSource(producer.LongestAbort);
        try
        {
            await producer.Transport.AbortAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is BrokerException or ProducerFencedException or TransactionAbortedException or OperationCanceledException)
        {
            // Nothing of it is seen all the same: its brokers abort it, or the next producer of this id does.
            producer.Logger.AbortFailed(producer.TransactionalId, failure);
        }
    }

    private Task AddPositionsAsync(
        IConsumerTransport reader, string topic, List<RecordPosition> positions, CancellationToken cancellationToken)
    {
        var owned = reader.Assignment.ToDictionary(partition => partition.Name.Partition);
        var added = new Dictionary<AssignedPartition, long>();
        foreach (var position in positions)
        {
            // A partition that went and came back has handed out nothing yet: what is to be committed is another's by then.
            if (!owned.TryGetValue(position.Partition, out var partition) || position.Offset > partition.HandedOutOffset)
            {
                return ThrowRevokedAsync(new TopicPartition(topic, position.Partition));
            }

            added[partition] = Math.Max(position.Offset, added.GetValueOrDefault(partition));
        }

        return AddAsync(reader, topic, added, cancellationToken);

        async Task ThrowRevokedAsync(TopicPartition partition) => throw await AbortAsync(Revoked(partition)).ConfigureAwait(false);
    }

    private Task<TransactionAbortedException> AbortAsync(TransactionAbortedException cause)
    {
        End();
        return AbortNativelyAsync(cause);
    }

    /// <returns>What the caller throws: with the reason of the first record that failed, if one did.</returns>
    private async Task<TransactionAbortedException> AbortNativelyAsync(TransactionAbortedException cause)
    {
        var failure = producer.Failures.Take();
        using var limit = new CancellationTokenSource(producer.LongestAbort);
        try
        {
            await producer.Transport.AbortAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // No one has told anyone to stop: the brokers have not answered, and will abort it when its own time is over.
            throw new BrokerException(
                TimedOut,
                $"Transactional id '{producer.TransactionalId}': the brokers have not answered the abort within {producer.LongestAbort}, after: {cause.Message}");
        }

        return failure is null ? cause : new TransactionAbortedException(failure.Code, $"{cause.Message}; {failure.Reason}", new DeliveryException(failure));
    }

    private void DemandOpen()
    {
        if (HasEnded)
        {
            throw new InvalidOperationException("The transaction has ended.");
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            throw new InvalidOperationException("The transaction has ended.");
        }
    }
}
