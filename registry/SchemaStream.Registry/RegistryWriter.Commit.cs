using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry;

/// <summary>From commands to records that count, or to an error; what is written is decided upon all that was read.</summary>
internal sealed partial class RegistryWriter
{
    private const int LargestBatch = 256;

    /// <summary>Others get in between at an election, not for ever.</summary>
    private const int MostTries = 20;

    /// <summary>What was appended comes back at once, or the log is out of reach.</summary>
    private static readonly TimeSpan ReadBackLimit = TimeSpan.FromSeconds(10);

    /// <summary>What this instance has appended and not read back yet.</summary>
    private readonly Dictionary<(LogName Log, long Offset), OwnRecord> _own = [];

    private async Task CommitAsync(List<PendingCommand> batch)
    {
        List<PendingCommand> open = [.. batch];
        try
        {
            for (var tries = 0; open.Count > 0 && tries < MostTries; tries++)
            {
                await TryCommitAsync(open).ConfigureAwait(false);
            }

            Fail(open, new RegistryError(
                ErrorCodes.StoreFailed, "Other writers came first again and again; whether the change was made is not known."));
        }
        catch (TimeoutException)
        {
            Fail(open, new RegistryError(
                ErrorCodes.StoreTimedOut, "The registry's log did not answer in time; whether the change was made is not known."));
        }
#pragma warning disable CA1031 // The lane's loop: were it to end, every later caller would wait for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            RegistryMessages.AppendFailed(_logger, failure);
            Fail(open, new RegistryError(ErrorCodes.StoreFailed, "The registry's log refused the change; nothing was changed."));
        }
        finally
        {
            _own.Clear();
        }
    }

    /// <summary>One attempt; what is done is taken out of <paramref name="open"/>.</summary>
    private async Task TryCommitAsync(List<PendingCommand> open)
    {
        if (!_leadership.IsLeader)
        {
            open.ForEach(pending => pending.Refer());
            open.Clear();
            return;
        }

        await TakeTailUntilAsync(await _log.BeginAsync(CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);

        // What an interrupted attempt has left in the log after all is done, and not to be decided twice.
        Close(open, pending => pending.Records.Count > 0 && pending.Records.All(_image.Holds));
        var records = Decide(open);
        if (records.Count == 0)
        {
            Close(open, _ => true);
            return;
        }

        try
        {
            var offsets = await _log
                .AppendAsync(records.ConvertAll(own => own.Record), CancellationToken.None).ConfigureAwait(false);
            await ReadBackAsync(records, offsets).ConfigureAwait(false);
            var uncounted = records.Where(own => !own.Counts).Select(own => own.Command).ToHashSet();
            if (uncounted.Count == 0)
            {
                Close(open, _ => true);
                return;
            }

            // What had nothing to write was decided upon what does not count, so it is asked again as well.
            Close(open, pending => pending.Records.Count > 0 && !uncounted.Contains(pending));
        }
        catch (RecordTooLargeException tooLarge)
        {
            // The others are tried without it.
            var culprit = records.Find(own => ReferenceEquals(own.Record, tooLarge.Record))?.Command
                ?? throw new RegistryLogException("The log refused a record for its size, and not one of these.", tooLarge);
            if (culprit.Records.Any(fact => fact is BindRecord))
            {
                // The claim may be in its log already, and the schema that it was made for never will be. The answer
                // waits until the claim is taken back.
                open.Insert(0, new PendingCommand<IReadOnlyList<string>>(new WithdrawTornClaims()));
            }

            culprit.Refuse(new RegistryError(
                ErrorCodes.SchemaTooLarge, "The schema is larger than the log takes; its topic's max.message.bytes says how much."));
        }
        catch (LogInterruptedException interrupted)
        {
            RegistryMessages.AppendInterrupted(_logger, interrupted);
        }
    }

    private List<OwnRecord> Decide(List<PendingCommand> open)
    {
        // As the log keeps it, so that what was decided and what is read back agree to the tick.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var records = new List<OwnRecord>();
        var image = _image;
        foreach (var pending in open)
        {
            image = Decide(pending, image, records, now);
        }

        return records;
    }

    private RegistryImage Decide(PendingCommand pending, RegistryImage image, List<OwnRecord> records, DateTimeOffset now)
    {
        try
        {
            pending.Decide(image, Rules, now);
            foreach (var warning in pending.Warnings)
            {
                RegistryMessages.LetInAgainstContract(_logger, warning);
            }

            var after = image;
            foreach (var fact in pending.Records)
            {
                after = after.Replay(fact, now);
                records.Add(new OwnRecord(pending, fact, RecordWriter.Write(fact, now)));
            }

            return after;
        }
#pragma warning disable CA1031 // The lane's loop: a fault in one decision must not stop every other writer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RegistryMessages.DecisionFailed(_logger, fault);
            records.RemoveAll(own => own.Command == pending);
            pending.Fault(new RegistryError(500, "The registry failed to decide; its log has the reason."));
            return image;
        }
    }

    private async Task ReadBackAsync(List<OwnRecord> records, IReadOnlyList<long> offsets)
    {
        var ends = default(LogEnds);
        for (var i = 0; i < records.Count; i++)
        {
            _own.Add((records[i].Record.Log, offsets[i]), records[i]);
            ends = ends.After(records[i].Record.Log, offsets[i]);
        }

        await TakeTailUntilAsync(ends).ConfigureAwait(false);
    }

    private async Task TakeTailUntilAsync(LogEnds ends)
    {
        if (_ends.Covers(ends))
        {
            TakeTail();
        }

        while (!_ends.Covers(ends))
        {
            if (!TakeTail())
            {
                await _tail.Reader.WaitToReadAsync().AsTask().WaitAsync(ReadBackLimit, _time).ConfigureAwait(false);
            }
        }
    }

    private static void Close(List<PendingCommand> open, Predicate<PendingCommand> isDone) => open.RemoveAll(pending =>
    {
        var done = isDone(pending);
        if (done)
        {
            pending.Complete();
        }

        return done;
    });

    private static void Fail(List<PendingCommand> open, RegistryError error)
    {
        open.ForEach(pending => pending.Fail(error));
        open.Clear();
    }

    /// <summary>A record on its way through the log.</summary>
    private sealed class OwnRecord(PendingCommand command, RegistryRecord fact, LogRecord record)
    {
        public PendingCommand Command { get; } = command;

        public RegistryRecord Fact { get; } = fact;

        public LogRecord Record { get; } = record;

        /// <summary>Whether it was read back, and held then: a later record may change that again.</summary>
        public bool Counts { get; private set; }

        public void ReadBack(RegistryImage image) => Counts = image.Holds(Fact);
    }
}
