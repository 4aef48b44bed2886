using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>A quorum of one on its own log: what a single node runs on until the real quorum's driver takes its place.</summary>
internal sealed class LoneQuorum : IQuorum, IAsyncDisposable
{
    private const int Epoch = 1;

    private readonly BlockingCollection<Action> _work = new(4096);
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordBatchBuilder _builder = new();
    private readonly List<(IReadOnlyList<IRecordMessage> Records, long LastOffset)> _proposed = [];
    private readonly QuorumOptions _options;
    private readonly PartitionLog _log;
    private readonly LaneClock _clock;
    private readonly TimeProvider _timeProvider;
    private IQuorumStateMachine? _machine;
    private ITimer? _tick;
    private Thread? _thread;

    public LoneQuorum(DataDirectory data, QuorumOptions options, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        _options = options;
        _clock = new LaneClock(timeProvider);
        _timeProvider = timeProvider;
        var directory = new PartitionDirectory(InternalTopics.ClusterMetadata, 0);
        _log = data.OpenLog(
            directory,
            new("00000000-0000-0000-0000-000000000001"),
            new() { RetentionMs = -1, CleanupPolicy = CleanupPolicy.None },
            new LogFileCache(16),
            _clock.WallMs);
        LogRepairs.Tell(loggers.CreateLogger<LoneQuorum>(), directory.Name, _log);
        View = new QuorumView(options.NodeId, null, Epoch, false, 0, ImmutableSortedDictionary<int, HostAndPort>.Empty);
    }

    public QuorumView View { get; private set; }

    public Task Fault => _fault.Task;

    public long NowMs => _clock.SteadyMs;

    public void Start(IQuorumStateMachine machine)
    {
        _machine = machine;
        _thread = new Thread(Run) { IsBackground = true, Name = "quorum" };
        _thread.Start();
        _tick = _timeProvider.CreateTimer(_ => Post(() => machine.Tick(NowMs)), null, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
    }

    public bool Post(Action work)
    {
        try
        {
            return !_work.IsAddingCompleted && _work.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken) => new(Post(work));

    public long Propose(IReadOnlyList<IRecordMessage> records)
    {
        var last = _log.LogEndOffset + _proposed.Sum(each => each.Records.Count) + records.Count - 1;
        _proposed.Add((records, last));
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        if (_tick is not null)
        {
            await _tick.DisposeAsync().ConfigureAwait(false);
        }

        _work.CompleteAdding();
        _thread?.Join();
        if (_fault.Task.IsFaulted)
        {
            _log.Dispose();
        }
        else
        {
            _log.Close();
        }
    }

    private void Run()
    {
        try
        {
            ReadAll();
            Lead(_options.NodeId, true);
            CarryOut();
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work();
                CarryOut();
            }

            Lead(null, false);
        }
        catch (Exception cause)
        {
            _fault.TrySetException(cause);
            _work.CompleteAdding();
            Lead(null, false);
        }
    }

    private void Lead(int? leader, bool isReady)
    {
        View = View with { LeaderId = leader, IsReady = isReady, HighWatermark = _log.LogEndOffset };
        _machine!.LeadershipChanged(View);
    }

    private void CarryOut()
    {
        if (_proposed.Count == 0)
        {
            return;
        }

        var nowMs = _clock.WallMs;
        foreach (var (records, _) in _proposed)
        {
            _builder.Reset();
            foreach (var record in records)
            {
                _builder.Add(nowMs, null, MetadataRecordFormat.Encode(record));
            }

            Invariant.That(_log.AppendAsLeader(_builder.Build(), Epoch, nowMs, AppendOrigin.Coordinator).IsSuccess, "the metadata log takes its own records");
        }

        _log.Flush();
        foreach (var (records, last) in _proposed)
        {
            _machine!.Replay(records, last);
        }

        _proposed.Clear();
        _machine!.Committed(_log.LogEndOffset);
    }

    private void ReadAll()
    {
        var records = new List<LogRecord>();
        for (var offset = _log.LogStartOffset; offset < _log.LogEndOffset;)
        {
            records.Clear();
            var error = _log.Read(offset, LogRecords.ChunkBytes, _log.LogEndOffset, minOneBatch: true, out var slice);
            using (slice)
            {
                Invariant.That(error == ErrorCode.None && !slice.IsEmpty, "the metadata log can be read to its end");
                var bytes = new byte[slice.Length];
                slice.Read(bytes);
                offset = LogRecords.Read(bytes, offset, records);
            }

            if (records.Count > 0)
            {
                _machine!.Replay([.. records.Select(record => MetadataRecordFormat.Decode(record.Value ?? default))], records[^1].Offset);
            }
        }
    }
}
