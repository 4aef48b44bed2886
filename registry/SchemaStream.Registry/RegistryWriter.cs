using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry;

/// <summary>The registry's one lane for changes; whoever reads takes the last durable image and no lock.</summary>
/// <remarks>
/// Commands that wait together are decided one upon the other's outcome and written in one transaction: many writers
/// share one fsync. Nothing becomes visible, and nobody is answered, before the batch is durable; if the log refuses,
/// the images decided upon are dropped with it.
/// </remarks>
internal sealed class RegistryWriter : IAsyncDisposable
{
    private const int LongestQueue = 4096;
    private const int LargestBatch = 256;

    private readonly Channel<PendingCommand> _queue = Channel.CreateBounded<PendingCommand>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    private readonly IRegistryLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _lane;
    private RegistryImage _image;
    private long _end;

    private RegistryWriter(
        IRegistryLog log, RegistryRules rules, RegistryImage image, long end, TimeProvider time, ILogger logger)
    {
        _log = log;
        _image = image;
        _end = end;
        _time = time;
        _logger = logger;
        Rules = rules;
        _lane = Task.Run(RunAsync);
    }

    public RegistryRules Rules { get; }

    /// <summary>Everything durable, as of now.</summary>
    public RegistryImage Image => Volatile.Read(ref _image);

    /// <summary>Replays the log and begins to serve.</summary>
    public static async Task<RegistryWriter> StartAsync(
        IRegistryLog log, RegistryRules rules, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var image = RegistryImage.Empty;
        var end = await log.ReplayAsync(
            record =>
            {
                if (RecordReader.Read(record) is { } fact)
                {
                    image = image.Replay(fact, record.Timestamp);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return new RegistryWriter(log, rules, image, end, time, logger);
    }

    /// <summary>Decides a command and answers when what it decided is durable.</summary>
    public async ValueTask<Outcome<TReply>> SubmitAsync<TReply>(
        IRegistryCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : notnull
    {
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

    /// <summary>Finishes what was accepted, then closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _lane.ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingCommand>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<PendingCommand> batch)
    {
        try
        {
            var now = _time.GetUtcNow();
            var image = _image;
            var records = new List<LogRecord>();
            foreach (var pending in batch)
            {
                image = Decide(pending, image, records, now);
            }

            if (records.Count > 0)
            {
                _end = await _log.AppendAsync(records, _end, CancellationToken.None).ConfigureAwait(false);
                Volatile.Write(ref _image, image);
            }

            batch.ForEach(pending => pending.Complete());
        }
#pragma warning disable CA1031 // The lane's loop: were it to end, every later caller would wait for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            RegistryMessages.AppendFailed(_logger, failure);
            var error = new RegistryError(ErrorCodes.StoreFailed, "The registry's log refused the change; nothing was changed.");
            batch.ForEach(pending => pending.Fail(error));
        }
    }

    private RegistryImage Decide(PendingCommand pending, RegistryImage image, List<LogRecord> records, DateTimeOffset now)
    {
        try
        {
            var decided = pending.Decide(image, Rules, now);
            foreach (var warning in pending.Warnings)
            {
                RegistryMessages.LetInAgainstContract(_logger, warning);
            }

            foreach (var record in decided)
            {
                image = image.Replay(record, now);
                records.Add(RecordWriter.Write(record, now));
            }

            return image;
        }
#pragma warning disable CA1031 // The lane's loop: a fault in one decision must not stop every other writer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RegistryMessages.DecisionFailed(_logger, fault);
            pending.Fault(new RegistryError(500, "The registry failed to decide; its log has the reason."));
            return image;
        }
    }
}
