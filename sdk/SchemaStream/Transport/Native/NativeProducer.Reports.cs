using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>The producer's own thread: delivery reports in batches, from librdkafka to whoever waits.</summary>
internal sealed unsafe partial class NativeProducer
{
    /// <summary>How many delivery reports are taken from librdkafka at once.</summary>
    private const int ReportsAtOnce = 1024;

    /// <summary>How long one poll waits while nothing is sent; a record or the end of the producer wakes it before that.</summary>
    private const int PollTimeoutMs = 1000;

    /// <summary>How long records are gathered at most before they go to librdkafka.</summary>
    private const int TurnMs = 1;

    /// <summary>After how many turns without a record the thread sleeps until one comes.</summary>
    private const int MostQuietTurns = 20;

    private const int EventDeliveryReport = 0x1;
    private const int EventError = 0x8;
    private const int StatusNotPersisted = 0;

    private bool _isIdle;
    private int _quietTurns;

    /// <summary>Whether librdkafka has said that this client is of no more use.</summary>
    private volatile bool _hasFailed;

    public void OnError(int error, string reason)
    {
        if (error != NativeErrors.Fatal)
        {
            _lastError = reason;
            Logger.ClientError(_name, NativeClient.NameOf(error), reason);
            return;
        }

        _hasFailed = true;
        var text = stackalloc byte[512];
        var cause = Librdkafka.FatalError(_client, text, 512);
        Logger.ClientFailed(_name, NativeClient.NameOf(cause), Marshal.PtrToStringUTF8((nint)text) ?? "");
    }

    public void OnRebalance(nint client, int error, NativeTopicPartitionList* partitions) =>
        throw new InvalidOperationException("A producer has no partitions assigned.");

    public void OnThrown(Exception thrown) =>
        throw new InvalidOperationException("A producer hears of errors as events.", thrown);

    private void HearReports()
    {
        var messages = (NativeMessage**)NativeMemory.Alloc((nuint)(ReportsAtOnce * sizeof(NativeMessage*)));
        try
        {
            while (!Volatile.Read(ref _ending))
            {
                var report = Librdkafka.QueuePoll(_reports, HandOverInTurn());
                Volatile.Write(ref _isIdle, false);
                if (report != 0)
                {
                    Hear(report, messages);
                }
            }
        }
        finally
        {
            NativeMemory.Free(messages);
            Release();
        }
    }

    /// <summary>Hands over what has been gathered since the last turn.</summary>
    /// <returns>How many milliseconds the next poll may wait.</returns>
    private int HandOverInTurn()
    {
        if (_batch.Count > 0)
        {
            _quietTurns = 0;
            HandOver();
            return TurnMs;
        }

        if (++_quietTurns < MostQuietTurns)
        {
            return TurnMs;
        }

        // Either the next sender sees this flag and wakes the poll, or this look sees its record.
        Interlocked.Exchange(ref _isIdle, true);
        return _batch.Count > 0 ? TurnMs : PollTimeoutMs;
    }

    private void WakeIfIdle()
    {
        if (Volatile.Read(ref _isIdle) && Interlocked.Exchange(ref _isIdle, false))
        {
            _reports.Wake();
        }
    }

    private void Hear(nint report, NativeMessage** messages)
    {
        var told = 0;
        switch (Librdkafka.EventType(report))
        {
            case EventDeliveryReport:
                for (int count; (count = (int)Librdkafka.EventMessages(report, messages, ReportsAtOnce)) > 0; told += count)
                {
                    for (var index = 0; index < count; index++)
                    {
                        TellOf(messages[index]);
                    }
                }

                break;
            case EventError:
                OnError(
                    Librdkafka.EventError(report),
                    Marshal.PtrToStringUTF8((nint)Librdkafka.EventErrorString(report)) ?? "");
                break;
        }

        // Only now are the records out of librdkafka's queue.
        Librdkafka.EventDestroy(report);
        if (told > 0)
        {
            Settle(told);
        }
    }

    private void TellOf(NativeMessage* message)
    {
        if (message->Error != NativeErrors.None)
        {
            Fail(message->Opaque, new DeliveryFailure(
                Marshal.PtrToStringUTF8((nint)Librdkafka.TopicName(message->Topic)) ?? _name,
                message->Partition,
                NativeClient.NameOf(message->Error),
                Explain(message->Error),
                IsOutcomeUnknown: Librdkafka.MessageStatus(message) != StatusNotPersisted));
        }
        else if (message->Opaque != 0)
        {
            Take(message->Opaque).Succeed(message->Partition, message->Offset);
        }
    }

    private void Fail(nint opaque, DeliveryFailure failure)
    {
        if (opaque == 0)
        {
            _failures.Report(failure);
        }
        else
        {
            Take(opaque).Fail(failure);
        }
    }

    private static Delivery Take(nint opaque)
    {
        var handle = GCHandle.FromIntPtr(opaque);
        var delivery = (Delivery)handle.Target!;
        handle.Free();
        return delivery;
    }

    /// <summary>Records have left the queue: there is room, and maybe nothing is pending.</summary>
    private void Settle(int count)
    {
        var left = Interlocked.Add(ref _pending, -count);
        Wake(ref _roomWaiter);
        if (left == 0)
        {
            Wake(ref _drainWaiter);
        }
    }

    /// <summary>A record was not accepted after all, which makes no room for another.</summary>
    private void Withdraw()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            Wake(ref _drainWaiter);
        }
    }

    private void Wake(ref TaskCompletionSource? waiter)
    {
        if (Volatile.Read(ref waiter) is null)
        {
            return;
        }

        TaskCompletionSource? woken;
        lock (_waitersLock)
        {
            woken = waiter;
            waiter = null;
        }

        woken?.TrySetResult();
    }
}
