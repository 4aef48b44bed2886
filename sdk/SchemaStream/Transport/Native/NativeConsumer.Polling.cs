using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>The poll thread: librdkafka's records into batches, batches to the reader, never faster than it reads.</summary>
internal sealed unsafe partial class NativeConsumer
{
    /// <summary>How long one poll waits for a record; an end of the consumer wakes it before that.</summary>
    private const int PollTimeoutMs = 200;

    /// <summary>How long the reader may be behind before partitions are paused so that polling can go on without records.</summary>
    private static readonly TimeSpan PausePatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Batches for which the channel had no room yet; touched by the poll thread alone, like all below.</summary>
    private readonly Queue<NativeBatch> _overflow = new();

    private readonly NativeMessage** _messages =
        (NativeMessage**)NativeMemory.Alloc((nuint)(NativeBatch.MostRecords * sizeof(NativeMessage*)));

    /// <summary>How many records to take at once: fewer of large ones, so that few bytes are out of librdkafka's bounds.</summary>
    private int _recordsAtOnce = NativeBatch.MostRecords;

    /// <summary>The partition of the last record, which is nearly always that of the next.</summary>
    private AssignedPartition? _latest;

    private bool _isPaused;
    private Exception? _thrown;
    private long _behindSince;
    private long _returnsSeen;

    private void Poll()
    {
        try
        {
            while (!_ending)
            {
                RunCommands();
                LookForPartitions();
                StoreHandled();
                HandOver();
                var behind = Behind();
                if (_overflow.Count == 0 && behind < _options.MaxPollInterval)
                {
                    ResumeAll();
                    PollOnce(_seeks.Count > 0 ? SeekRetryMs : PollTimeoutMs);
                    continue;
                }

                _room.WaitOne(PausePatience);
                ServeWhileBehind(behind);
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
    /// A reader that takes long must not cost the member its place, nor keep the group from rebalancing: without records
    /// polling goes on. A reader that takes longer than the poll interval allows is stuck, and the member leaves.
    /// </summary>
    private void ServeWhileBehind(TimeSpan behind)
    {
        if (behind >= PausePatience && behind < _options.MaxPollInterval && !_ending)
        {
            PauseAll();
            PollOnce(timeoutMs: 0);
        }
    }

    public void OnThrown(Exception thrown) => _thrown ??= thrown;

    /// <summary>How long the reader has had something to read and has not come back for more.</summary>
    private TimeSpan Behind()
    {
        if (!_isHeld && _ready.Reader.Count == 0 && _overflow.Count == 0)
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

    /// <summary>Gives the reader what it has room for.</summary>
    private void HandOver()
    {
        while (_overflow.TryPeek(out var batch) && _ready.Writer.TryWrite(batch))
        {
            _overflow.Dequeue();
        }
    }

    private void PollOnce(int timeoutMs)
    {
        // librdkafka waits until it has all it was asked for: so first what is there; then one record, and what came with it.
        var count = (int)Librdkafka.ConsumeBatch(_queue, 0, _messages, (nuint)_recordsAtOnce);
        if (count == 0 && timeoutMs > 0 && !_ending)
        {
            count = (int)Librdkafka.ConsumeBatch(_queue, timeoutMs, _messages, 1);
            if (count == 1 && !_ending)
            {
                count += (int)Librdkafka.ConsumeBatch(_queue, 0, _messages + 1, (nuint)_recordsAtOnce - 1);
            }
        }

        Take(count);
        if (_thrown is { } thrown)
        {
            _thrown = null;
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    private void Take(int count)
    {
        NativeBatch? batch = null;
        var bytes = 0L;
        for (var index = 0; index < count; index++)
        {
            var message = _messages[index];
            if (message->Error is not (NativeErrors.None or NativeErrors.PartitionEnd))
            {
                Report(message);
                Librdkafka.MessageDestroy(message);
                continue;
            }

            // A partition that was revoked in the middle of this poll is not found: its new owner reads the record.
            if (Find(message->Partition) is not { } partition)
            {
                Librdkafka.MessageDestroy(message);
                continue;
            }

            bytes += (long)message->PayloadLength;
            batch ??= NativeBatch.Rent(_client);
            batch.Add(message, partition);
            if (batch.IsFull)
            {
                _overflow.Enqueue(batch);
                batch = null;
            }
        }

        if (batch is not null)
        {
            _overflow.Enqueue(batch);
        }

        if (count > 0)
        {
            _recordsAtOnce = (int)Math.Clamp(NativeBatch.EnoughBytes / Math.Max(bytes / count, 1), 2, NativeBatch.MostRecords);
        }
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
        NativeMemory.Free(_messages);
        while (_overflow.TryDequeue(out var batch))
        {
            batch.Dispose();
        }

        _seeks.ForEach(_commands.Enqueue);
        _commits.Dispose();
        _queue.Dispose();
        _client.Dispose();
        _ended.TrySetResult();
        GiveUpCommands();
    }
}
