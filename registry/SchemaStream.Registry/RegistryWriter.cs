using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Election;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry;

/// <summary>The registry's one lane for changes; whoever reads takes the last durable image and no lock.</summary>
/// <remarks>
/// What changes the image is the log's tail alone: this instance's records come back through it like everyone's. Commands
/// that wait together are decided one upon the other's outcome and written at once: many writers share one fsync. A
/// command is answered when its records were read back and count; where others' records came in between and they do not,
/// it is decided anew.
/// </remarks>
internal sealed partial class RegistryWriter : IRegistryTail, IAsyncDisposable
{
    private const int LongestQueue = 4096;
    private const int LongestTail = 64;

    private readonly Channel<PendingCommand> _queue = Channel.CreateBounded<PendingCommand>(new BoundedChannelOptions(LongestQueue));
    private readonly Channel<TailBatch> _tail = Channel.CreateBounded<TailBatch>(new BoundedChannelOptions(LongestTail));
    private readonly IRegistryLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Progress _progress = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopOpening = new();
    private ILeadership _leadership = Alone.Instance;
    private Task _lane = Task.CompletedTask;
    private RegistryImage _image = RegistryImage.Empty;
    private LogEnds _ends;

    private RegistryWriter(IRegistryLog log, RegistryRules rules, TimeProvider time, ILogger logger)
    {
        _log = log;
        _time = time;
        _logger = logger;
        Rules = rules;
    }

    public RegistryRules Rules { get; }

    /// <summary>Everything durable, as of now.</summary>
    public RegistryImage Image => Volatile.Read(ref _image);

    /// <summary>Whether this instance writes.</summary>
    public bool IsLeader => _leadership.IsLeader;

    /// <summary>Whether the log is read, and changes are taken.</summary>
    public bool IsServing => Opened.IsCompletedSuccessfully && !_lane.IsCompleted;

    /// <summary>How far the image goes.</summary>
    public LogEnds Ends => _progress.Ends;

    /// <summary>Completes when the log was replayed; fails with the reason why it could not be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Replays the log and begins to serve.</summary>
    public static async Task<RegistryWriter> StartAsync(
        IRegistryLog log, RegistryRules rules, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var writer = Open(log, rules, time, logger, cancellationToken);
        await writer.Opened.ConfigureAwait(false);
        return writer;
    }

    /// <summary>Begins to replay the log; until that is done the image is empty, and commands wait.</summary>
    public static RegistryWriter Open(
        IRegistryLog log, RegistryRules rules, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var writer = new RegistryWriter(log, rules, time, logger);
        writer._lane = Task.Run(() => writer.OpenAsync(cancellationToken), CancellationToken.None);
        return writer;
    }

    /// <summary>From here on this instance writes only while it leads.</summary>
    public void LedBy(ILeadership leadership) => _leadership = leadership;

    /// <summary>Decides a command and answers when what it decided is durable and counts.</summary>
    /// <exception cref="NotLeaderException">Another instance has to be asked.</exception>
    public async ValueTask<Outcome<TReply>> SubmitAsync<TReply>(
        IRegistryCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : notnull
    {
        if (!_leadership.IsLeader && !await _leadership.SettleAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new NotLeaderException();
        }

        var pending = new PendingCommand<TReply>(command);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return new RegistryError(ErrorCodes.StoreFailed, "The registry is stopping.");
        }

        // Once queued a command runs to its end; giving up here means only not to hear of it.
        return await pending.Reply.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the image goes so far.</summary>
    public Task ReachedAsync(LogEnds ends, CancellationToken cancellationToken) =>
        _progress.ReachedAsync(ends).WaitAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask TakeAsync(TailBatch batch, CancellationToken cancellationToken) =>
        _tail.Writer.WriteAsync(batch, cancellationToken);

    /// <summary>Finishes what was accepted, then closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopOpening.CancelAsync().ConfigureAwait(false);
        await _lane.ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        _stopOpening.Dispose();
    }

    /// <summary>Takes the log away in the middle of whatever is written, as the end of the process would.</summary>
    internal ValueTask CutOffAsync() => _log.DisposeAsync();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopOpening.Token);
        try
        {
            await ReplayAsync(either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever waits for the log to open is told the reason, whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            FailWaiting("The registry's log could not be opened.");
            _opened.TrySetException(failure);
            return;
        }

        _opened.TrySetResult();
        try
        {
            await RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The lane's end: what was read of the log is served on, and nobody waits for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            RegistryMessages.LaneEnded(_logger, failure);
            FailWaiting("The registry cannot read its log any further; its own log has the reason.");
        }
    }

    /// <summary>Takes no more commands, and answers those that wait.</summary>
    private void FailWaiting(string reason)
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var pending))
        {
            pending.Fail(new RegistryError(ErrorCodes.StoreFailed, reason));
        }
    }

    /// <summary>Reads what is there. The log reads on meanwhile.</summary>
    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var opening = _log.StartAsync(this, cancellationToken);
        while (!opening.IsCompletedSuccessfully || !_ends.Covers(await opening.ConfigureAwait(false)))
        {
            if (TakeTail())
            {
                continue;
            }

            var more = _tail.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(opening, more).ConfigureAwait(false);
            if (opening.IsCompleted)
            {
                var ends = await opening.ConfigureAwait(false);
                if (!_ends.Covers(ends))
                {
                    await more.ConfigureAwait(false);
                }
            }
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingCommand>();
        Task<bool>? more = null;
        Task<bool>? commands = null;
        while (true)
        {
            TakeTail();
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            if (batch.Count > 0)
            {
                await CommitAsync(batch).ConfigureAwait(false);
                batch.Clear();
                continue;
            }

            // A wait that is still on is kept: each would stay in the channel's list of waiters.
            more = more is { IsCompleted: false } ? more : _tail.Reader.WaitToReadAsync().AsTask();
            commands = commands is { IsCompleted: false } ? commands : _queue.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(more, commands).ConfigureAwait(false);
            if (commands.IsCompletedSuccessfully && !await commands.ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Replays all that has come; false when nothing has.</summary>
    private bool TakeTail()
    {
        if (!_tail.Reader.TryRead(out var batch))
        {
            return false;
        }

        // One builder for all that is there: an image for each would make much of the dictionaries anew. Readers of the
        // image do not wait for ever, though, where the log never ends.
        var builder = new RegistryImageBuilder(_image);
        var taken = 0;
        do
        {
            foreach (var (offset, record) in batch.Records)
            {
                Replay(builder, record, offset);
            }

            _ends = _ends.Or(batch.Ends);
        }
        while (++taken < LongestTail && _tail.Reader.TryRead(out batch));

        Volatile.Write(ref _image, builder.ToImage());
        _progress.Report(_ends);
        return true;
    }

    private void Replay(RegistryImageBuilder builder, LogRecord record, long offset)
    {
        try
        {
            var own = _own.GetValueOrDefault((record.Log, offset));
            if ((own?.Fact ?? RecordReader.Read(record)) is { } fact)
            {
                builder.Replay(fact, record.Timestamp);
                own?.ReadBack(builder.ToImage());
            }
        }
        catch (RegistryLogException unreadable) when (_log.UnreadableRecord == UnreadableRecord.PassedOver)
        {
            RegistryMessages.RecordPassedOver(_logger, record.Log, offset, unreadable);
        }
    }
}
