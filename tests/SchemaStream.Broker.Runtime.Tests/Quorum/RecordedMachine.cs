using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

/// <summary>A state machine that is the list of what it was given.</summary>
internal sealed class RecordedMachine(Action changed) : IQuorumStateMachine
{
    private readonly System.Threading.Lock _gate = new();
    private readonly List<string> _names = [];
    private readonly List<QuorumView> _views = [];
    private long _committed;

    /// <summary>On the loop, with each view.</summary>
    public Action<QuorumView>? OnLeadership { get; set; }

    public int Loads { get; private set; }

    public long HighWatermark => Interlocked.Read(ref _committed);

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names];
            }
        }
    }

    public IReadOnlyList<QuorumView> Views
    {
        get
        {
            lock (_gate)
            {
                return [.. _views];
            }
        }
    }

    public static IReadOnlyList<IRecordMessage> Record(string name) => [new FeatureLevelRecord { Name = name, Level = 1 }];

    public void Load(IEnumerable<IReadOnlyList<IRecordMessage>> snapshot, long lastOffset)
    {
        var names = snapshot.SelectMany(records => records).Select(NameOf).ToList();
        lock (_gate)
        {
            _names.Clear();
            _names.AddRange(names);
            Loads++;
        }

        changed();
    }

    public void Replay(IReadOnlyList<IRecordMessage> records, long lastOffset)
    {
        lock (_gate)
        {
            _names.AddRange(records.Select(NameOf));
        }

        changed();
    }

    public void LeadershipChanged(QuorumView view)
    {
        lock (_gate)
        {
            _views.Add(view);
        }

        OnLeadership?.Invoke(view);
        changed();
    }

    public void Committed(long highWatermark)
    {
        Interlocked.Exchange(ref _committed, highWatermark);
        changed();
    }

    public void Tick(long nowMs)
    {
        // Time means nothing to a list.
    }

    public IEnumerable<IReadOnlyList<IRecordMessage>> WriteSnapshot() =>
        Names.Select(Record).ToList();

    private static string NameOf(IRecordMessage record) => ((FeatureLevelRecord)record).Name;
}
