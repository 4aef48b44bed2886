using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>The poll thread serves the group: rebalances, errors, commits. Records go to the reader past it.</summary>
internal sealed unsafe partial class NativeConsumer
{
    /// <summary>How long one poll waits for news; a command or the consumer's end wakes it before that.</summary>
    private const int PollTimeoutMs = 200;

    /// <summary>How often a silent member looks whether its application has come back.</summary>
    private static readonly TimeSpan SilenceStep = TimeSpan.FromMilliseconds(200);

    /// <summary>Within which librdkafka looks whether it was polled in time, and leaves the group.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(2);

    /// <summary>The reader's, for one batch.</summary>
    private readonly NativeMessage** _messages =
        (NativeMessage**)NativeMemory.Alloc((nuint)(NativeBatch.MostRecords * sizeof(NativeMessage*)));

    /// <summary>How many records to take at once: fewer of large ones, so that few bytes are out of librdkafka's bounds.</summary>
    private int _recordsAtOnce = NativeBatch.MostRecords;

    /// <summary>The partition of the last record, which is nearly always that of the next.</summary>
    private AssignedPartition? _latest;

    private bool _isReleased;
    private bool _isSilent;
    private Exception? _thrown;
    private long _behindSince;
    private long _returnsSeen;

    public void OnThrown(Exception thrown) => _thrown ??= thrown;

    private void Poll()
    {
        try
        {
            while (!_ending)
            {
                RunCommands();
                LookForPartitions();
                JoinAnewIfStarved();
                StoreHandled();
                if (IsStuck() && !HasToHear())
                {
                    _nudge.WaitOne(SilenceStep);
                }
                else
                {
                    DropStrays(); // which librdkafka takes for a sign of life, so never while the member is silent
                    PollOnce(_seeks.Count > 0 ? SeekRetryMs : PollTimeoutMs);
                }
            }

            Close();
        }
        catch (Exception failure)
        {
            // Whatever ends this thread ends the reader's loop too: it must not wait for records that never come.
            Logger.PollingFailed(_topic, failure);
            End(failure);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// A reader that takes long must not cost the member its place, nor keep the group from rebalancing: polling goes on
    /// without it. A reader that takes longer than the poll interval allows is stuck, and the member falls silent.
    /// </summary>
    private bool IsStuck()
    {
        var isStuck = Behind() >= _options.MaxPollInterval;
        if (isStuck && !_isSilent)
        {
            Logger.ReaderStuck(_topic, _options.MaxPollInterval);
        }

        return _isSilent = isStuck;
    }

    /// <summary>
    /// A silent member that the group has given up by now polls once more, until it has heard that its partitions are gone:
    /// the application is told, stuck or not.
    /// </summary>
    private bool HasToHear() => _assigned.Count > 0 && Behind() >= (2 * _options.MaxPollInterval) + GivenUpAfter;

    /// <summary>How long the reader has had something to read and has not come back for more.</summary>
    private TimeSpan Behind()
    {
        if (!_isHeld && !HasRecords)
        {
            _behindSince = 0;
            return TimeSpan.Zero;
        }

        var returns = Interlocked.Read(ref _returns);
        if (_behindSince == 0 || returns != _returnsSeen)
        {
            _behindSince = Stopwatch.GetTimestamp();
            _returnsSeen = returns;
        }

        return Stopwatch.GetElapsedTime(_behindSince);
    }

    private void PollOnce(int timeoutMs)
    {
        NativeMessage* message;
        if (Librdkafka.ConsumeBatch(_queue, timeoutMs, &message, 1) == 1)
        {
            var error = message->Error;
            if (error != NativeErrors.None)
            {
                Report(message);
            }

            Librdkafka.MessageDestroy(message);
            if (error == NativeErrors.None)
            {
                throw new InvalidOperationException($"A record of topic '{_topic}' has come past its partition's queue.");
            }
        }

        if (_thrown is { } thrown)
        {
            _thrown = null;
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    /// <summary>Takes the records that are there, on the reader's thread.</summary>
    private IncomingBatch? TryFetch()
    {
        if (_fetcher is not null)
        {
            return TryTakeFetched(_fetcher);
        }

        lock (_fetching)
        {
            while (!_ending && !_isReleased)
            {
                var count = (int)Librdkafka.ConsumeBatch(_records, 0, _messages, (nuint)_recordsAtOnce);
                if (count == 0)
                {
                    return null;
                }

                if (Take(count) is { } batch)
                {
                    _isHeld = true;
                    return batch;
                }
            }
        }

        return null;
    }

    private NativeBatch? Take(int count)
    {
        NativeBatch? batch = null;
        var bytes = 0L;
        for (var index = 0; index < count; index++)
        {
            var message = _messages[index];
            if (message->Error is not (NativeErrors.None or NativeErrors.PartitionEnd))
            {
                Report(message);
            }
            else if (Find(message->Partition) is { } partition && IsNew(message, partition))
            {
                bytes += (long)message->PayloadLength;
                batch ??= NativeBatch.Rent(_client);
                batch.Add(message, partition);
                continue;
            }

            // Of a partition that was revoked meanwhile its new owner reads the record.
            Librdkafka.MessageDestroy(message);
        }

        _recordsAtOnce = (int)Math.Clamp(NativeBatch.EnoughBytes / Math.Max(bytes / count, 1), 1, NativeBatch.MostRecords);
        return batch;
    }

    /// <summary>
    /// librdkafka fetches records again that were being taken when a pause began. Only until the first new one: offsets may
    /// begin anew, with a topic of the same name for example.
    /// </summary>
    private static bool IsNew(NativeMessage* message, AssignedPartition partition)
    {
        if (message->Error != NativeErrors.None)
        {
            return true;
        }

        if (message->Offset < partition.ResumedOffset)
        {
            return false;
        }

        partition.ResumedOffset = AssignedPartition.NoOffset;
        partition.FetchedOffset = message->Offset + 1;
        return true;
    }

    private AssignedPartition? Find(int partition)
    {
        if (_latest is { } latest && latest.Name.Partition == partition && !latest.IsRevoked)
        {
            return latest;
        }

        return _latest = _assigned.GetValueOrDefault(partition);
    }

    private void Report(NativeMessage* message)
    {
        var reason = message->Payload is null
            ? NativeClient.TextOf(message->Error)
            : Marshal.PtrToStringUTF8((nint)message->Payload, (int)message->PayloadLength);
        switch (message->Error)
        {
            case NativeErrors.Fatal:
                OnError(message->Error, reason);
                break;
            case NativeErrors.TopicAuthorizationFailed:
            case NativeErrors.GroupAuthorizationFailed:
            case NativeErrors.InconsistentGroupProtocol:
            case NativeErrors.NoOffsetToResetTo:
                Fail(message->Error, reason);
                break;
            default:
                Logger.ClientError(_topic, NativeClient.NameOf(message->Error), reason);
                break;
        }
    }

    private void Close()
    {
        // Handled offsets are committed and the group is told, so that others take over at once.
        StoreHandled();
        var error = Librdkafka.ConsumerClose(_client);
        if (error != NativeErrors.None)
        {
            Logger.ClientError(_topic, NativeClient.NameOf(error), "leaving the group");
        }
    }

    private void Release()
    {
        End(failure: null);
        EndFetching();
        lock (_fetching)
        {
            _isReleased = true;
            Librdkafka.QueueEnableCallback(_records, null, 0);
            Discard();
            NativeMemory.Free(_messages);
            _records.Dispose();
        }

        _seeks.ForEach(_commands.Enqueue);
        _commits.Dispose();
        _queue.Dispose();
        _client.Dispose();
        _self.Free();
        _ended.TrySetResult();
        GiveUpCommands();
    }

    /// <summary>A client ends only when no one has any of its records.</summary>
    private void Discard()
    {
        for (int count; (count = (int)Librdkafka.ConsumeBatch(_records, 0, _messages, NativeBatch.MostRecords)) > 0;)
        {
            for (var index = 0; index < count; index++)
            {
                Librdkafka.MessageDestroy(_messages[index]);
            }
        }
    }
}
