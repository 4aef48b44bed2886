using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Producing;

/// <content>What became of what was sent.</content>
internal sealed partial class ProduceState
{
    private const int MostBackoffDoublings = 10;

    private readonly List<(ProducerBatch Batch, bool IsInFlight)> _expired = [];

    /// <summary>A broker has answered a request.</summary>
    /// <param name="turn">The request, and its answer.</param>
    /// <param name="isById">Whether it names topics by their ids.</param>
    /// <param name="nowMs">The time.</param>
    public void OnResponse(ProduceTurn turn, bool isById, long nowMs)
    {
        foreach (var answered in turn.Response.Responses)
        {
            if (isById ? answered.TopicId != _topicId : answered.Name != topic)
            {
                continue;
            }

            foreach (var answer in answered.PartitionResponses)
            {
                if (turn.TryTake(answer.Index, out var queue, out var batch))
                {
                    OnAnswer(queue, batch, answer, nowMs);
                }
            }
        }

        // What a broker says nothing of it may have all the same.
        OnUnanswered(turn, nowMs);
    }

    /// <summary>Sent, and never to be answered (acks=0).</summary>
    public void OnSent(ProduceTurn turn)
    {
        foreach (var (queue, batch) in turn.Sent)
        {
            OnTaken(queue, batch, baseOffset: -1);
        }

        turn.Sent.Clear();
    }

    /// <summary>What cannot be put in the form in which it is sent.</summary>
    public void OnUnsendable(ProduceTurn turn, string reason)
    {
        foreach (var (queue, batch) in turn.Sent)
        {
            queue.OnSettled(batch);
            Settle(queue, batch, -1, new BatchFailure("BAD_COMPRESSION", reason, batch.MayBeThere));
        }

        turn.Sent.Clear();
    }

    /// <summary>A broker cannot be asked, or the connection ended before it answered.</summary>
    public void OnNodeFailed(ProduceTurn turn, long nowMs)
    {
        NeedsLayout = true;
        OnUnanswered(turn, nowMs);
    }

    /// <summary>A broker cannot be reached: nothing is sent to it for a while.</summary>
    public void OnUnreachable(int nodeId, long nowMs)
    {
        NeedsLayout = true;
        foreach (var queue in _queues)
        {
            if (queue.LeaderId == nodeId)
            {
                queue.RetryAtMs = Math.Max(queue.RetryAtMs, nowMs + settings.RetryBackoffMs);
            }
        }
    }

    /// <summary>The brokers and this client do not take each other: what waits for a first word of them waits in vain.</summary>
    /// <remarks>Later, when they once did, this may pass: a broker that is being given a new certificate, for example.</remarks>
    public void OnRefused(BatchFailure failure)
    {
        if (_queues.Count == 0)
        {
            FailAll(failure);
        }
    }

    /// <summary>One broker and this client do not take each other, and never have.</summary>
    public void OnRefused(int nodeId, BatchFailure failure)
    {
        foreach (var queue in _queues)
        {
            if (queue.LeaderId == nodeId)
            {
                FailAll(queue, failure);
            }
        }
    }

    /// <summary>A producer id was given out.</summary>
    public void OnIdentity(ProducerIdentity identity) => _identity = identity;

    /// <summary>No producer id is given to this client: nothing can be sent.</summary>
    public void OnIdentityRefused(ErrorCode error) => FailAll(BatchFailure.Of(error, null));

    /// <summary>Gives up what has waited for longer than the delivery time-out.</summary>
    public void Expire(long nowMs)
    {
        var before = nowMs - settings.DeliveryTimeoutMs;
        foreach (var queue in _queues)
        {
            if (queue.OldestMs is not { } oldest || oldest > before)
            {
                continue;
            }

            if (queue.Open is { } open && open.BegunAtMs <= before)
            {
                Close(queue);
            }

            queue.TakeExpired(before, _expired);
            GiveUpExpired(queue, BatchFailure.TimedOut);
        }

        while (_unplaced.TryPeek(out var record) && record.CameAtMs <= before)
        {
            Settle(_unplaced.Dequeue(), BatchFailure.TimedOut);
        }
    }

    /// <summary>Whether a batch that was refused with this may be taken when it comes again.</summary>
    private static bool IsPassing(ErrorCode error) => error is
        ErrorCode.CorruptMessage or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId
        or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderOrFollower or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable
        or ErrorCode.ReplicaNotAvailable or ErrorCode.NetworkException or ErrorCode.NotEnoughReplicas
        or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.KafkaStorageError or ErrorCode.FencedLeaderEpoch
        or ErrorCode.UnknownLeaderEpoch or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId
        or ErrorCode.InvalidProducerEpoch or ErrorCode.ThrottlingQuotaExceeded;

    /// <summary>Whether another broker would say otherwise.</summary>
    private static bool IsOfTheLeader(ErrorCode error) => error is not (
        ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch
        or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.RequestTimedOut
        or ErrorCode.CorruptMessage or ErrorCode.ThrottlingQuotaExceeded);

    private void OnUnanswered(ProduceTurn turn, long nowMs)
    {
        foreach (var (queue, batch) in turn.Sent)
        {
            Retry(queue, batch, ErrorCode.NetworkException, nowMs);
        }

        turn.Sent.Clear();
    }

    private void OnAnswer(PartitionQueue queue, ProducerBatch batch, ProduceResponse.PartitionProduceResponse answer, long nowMs)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
            case ErrorCode.DuplicateSequenceNumber: // it came with an attempt whose answer was lost
                OnTaken(queue, batch, answer.BaseOffset);
                break;
            case ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge when batch is { Count: > 1, IsTold: false, MayBeThere: false }:
                Split(queue, batch);
                break;
            case var error when IsPassing(error):
                Retry(queue, batch, error, nowMs);
                Hear(queue, answer);
                break;
            default:
                queue.OnSettled(batch);
                Settle(queue, batch, -1, BatchFailure.Of(answer.ErrorCode, answer.ErrorMessage) with { IsOutcomeUnknown = batch.MayBeThere });
                break;
        }
    }

    private void OnTaken(PartitionQueue queue, ProducerBatch batch, long baseOffset)
    {
        queue.OnTaken(batch);
        queue.Failures = 0;
        Settle(queue, batch, baseOffset, failure: null);
    }

    private void Split(PartitionQueue queue, ProducerBatch batch)
    {
        var (first, second) = (Rent(batch.BegunAtMs), Rent(batch.BegunAtMs));
        batch.SplitInto(first, second);
        queue.OnSplit(batch, first, second);
        Free(batch);
    }

    /// <summary>Something failed, so that there is more to do than to send on; the owner takes it back.</summary>
    public bool HasTrouble { get; set; }

    private void Retry(PartitionQueue queue, ProducerBatch batch, ErrorCode error, long nowMs)
    {
        if (batch.IsTold)
        {
            queue.OnSettled(batch);
            Free(batch);
            return;
        }

        var isLast = batch.Attempts > settings.MaxRetries;
        var wait = Math.Min(
            (long)settings.RetryBackoffMs << Math.Min(queue.Failures, MostBackoffDoublings), settings.LongestRetryBackoffMs);
        queue.Failures++;
        HasTrouble = true;
        queue.OnRefusedForNow(batch, error);

        // A new epoch mends it at once.
        queue.RetryAtMs = queue.NeedsNewEpoch ? queue.RetryAtMs : Math.Max(queue.RetryAtMs, nowMs + wait);
        if (isLast)
        {
            queue.GiveUp(batch);
            Settle(queue, batch, -1, BatchFailure.Of(error, null) with { IsOutcomeUnknown = batch.MayBeThere });
        }
    }

    private void Hear(PartitionQueue queue, ProduceResponse.PartitionProduceResponse answer)
    {
        NeedsLayout |= IsOfTheLeader(answer.ErrorCode);
        if (answer.CurrentLeader is { LeaderId: >= 0 } leader && leader.LeaderEpoch > queue.LeaderEpoch)
        {
            // The broker knows the new one (KIP-951): it is asked at once, whatever others say.
            Learn(queue, leader.LeaderId, leader.LeaderEpoch, isAnother: false);
        }
    }

    private void FailAll(BatchFailure failure)
    {
        foreach (var queue in _queues)
        {
            FailAll(queue, failure);
        }

        while (_unplaced.TryDequeue(out var record))
        {
            Settle(record, failure);
        }
    }

    private void FailAll(PartitionQueue queue, BatchFailure failure)
    {
        if (queue.Open is { Count: > 0 })
        {
            Close(queue);
        }

        queue.TakeExpired(long.MaxValue, _expired);
        GiveUpExpired(queue, failure);
    }

    private void GiveUpExpired(PartitionQueue queue, BatchFailure failure)
    {
        foreach (var (batch, isInFlight) in _expired)
        {
            batch.Holders += isInFlight ? 1 : 0; // its answer is still to come
            Release(batch);
            Settled.Add(new SettledBatch(queue.Partition, batch, null, -1, failure with { IsOutcomeUnknown = isInFlight || batch.MayBeThere }));
        }

        _expired.Clear();
    }

    private void Settle(PartitionQueue queue, ProducerBatch batch, long baseOffset, BatchFailure? failure)
    {
        if (batch.IsTold)
        {
            Free(batch); // nobody waits for it any more
            return;
        }

        Release(batch);
        Settled.Add(new SettledBatch(queue.Partition, batch, null, baseOffset, failure));
    }

    private void Settle(UnplacedRecord record, BatchFailure failure)
    {
        Pending--;
        PendingBytes -= record.Size;
        Settled.Add(new SettledBatch(record.Record.Partition, null, record, -1, failure));
    }

    /// <summary>Its room is free again.</summary>
    private void Release(ProducerBatch batch)
    {
        Pending -= batch.Count;
        PendingBytes -= batch.ClaimedBytes;
    }
}
