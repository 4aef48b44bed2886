using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>One request after another to one broker, with the objects that it is made of: they are used again.</summary>
/// <remarks>
/// A broker that waits for records answers nothing else on that connection. Where something else is wanted of it
/// meanwhile, after a seek for example, the waiting request is left behind, and a second turn asks over a connection of
/// its own. The one left behind gives what it gets, and rests until it is needed as the second.
/// </remarks>
/// <param name="nodeId">The broker.</param>
internal sealed class FetchTurn(int nodeId)
{
    /// <summary>
    /// How long a broker may wait for records while the other request is still out: then this one asks for the other's
    /// partitions too.
    /// </summary>
    private static readonly TimeSpan JoinWait = TimeSpan.FromMilliseconds(20);

    private readonly FetchRequest.FetchTopic _topic = new();

    /// <summary>Of each partition in the response, in its order: how many bytes <see cref="Check"/> has found sound.</summary>
    private readonly List<int> _sound = [];

    public int NodeId { get; } = nodeId;

    public FetchRequest Request { get; } = new();

    public FetchResponse Response { get; } = new();

    /// <summary>The partitions that are asked for.</summary>
    public List<PartitionCursor> Sent { get; } = [];

    /// <summary>Whether the request names the topic by its id, as from version 13 on.</summary>
    public bool IsById { get; private set; }

    /// <summary>Wakes the loop that asks.</summary>
    public Wakeup Wakeup { get; } = new();

    /// <summary>The broker's other turn; null as long as one was enough.</summary>
    public FetchTurn? Other { get; private set; }

    /// <summary>Whether the broker has ever taken a connection for fetching: if not, it may never do.</summary>
    public bool HasConnected { get; set; }

    /// <summary>Whether the request is out, or the broker wants to be left alone after it.</summary>
    public bool IsOut { get; private set; }

    /// <summary>Whether it is the other's to ask, of this and whatever comes of it.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Whether the other turn is the one that asks.</summary>
    public bool IsIdle => Other is { IsOut: true, IsLeft: false };

    /// <summary>
    /// The turn that is to ask for something that is ready and not asked for: a new one, perhaps. One that waits for records
    /// is left behind. Null when what is out comes back soon anyway.
    /// </summary>
    public FetchTurn? Choose()
    {
        if (IsIdle)
        {
            return Other!.Choose();
        }

        if (!IsOut)
        {
            return this;
        }

        if (!IsLeft)
        {
            if (Request.MaxWaitMs <= JoinWait.TotalMilliseconds || Other is { IsOut: true })
            {
                return null;
            }

            Other ??= new FetchTurn(NodeId) { Other = this, HasConnected = HasConnected };
            IsLeft = true;
        }

        return Other;
    }

    /// <summary>The request goes out.</summary>
    public void Send()
    {
        IsOut = true;
        if (Other is { IsOut: true })
        {
            Request.MaxWaitMs = Math.Min(Request.MaxWaitMs, (int)JoinWait.TotalMilliseconds);
        }
    }

    /// <summary>The answer has come.</summary>
    public void Return()
    {
        IsOut = Response.ThrottleTimeMs > 0;
        IsLeft &= IsOut;
        Request.MaxWaitMs = 0; // a pause that the broker asks for is not got around
    }

    /// <summary>No answer comes.</summary>
    public void Lose() => IsOut = IsLeft = false;

    /// <summary>Begins a request without partitions.</summary>
    public void Begin(FetchSettings settings, string topic, Guid topicId, bool byId)
    {
        Lose();
        Sent.Clear();
        _sound.Clear();
        IsById = byId;
        Request.MinBytes = settings.MinBytes;
        Request.MaxBytes = settings.MaxBytes;
        Request.MaxWaitMs = (int)settings.MaxWait.TotalMilliseconds;
        Request.IsolationLevel = settings.ReadsCommitted ? (sbyte)1 : (sbyte)0;
        Request.SessionId = 0;
        Request.SessionEpoch = -1; // no session: each request says all
        Request.RackId = settings.Rack;
        _topic.Topic = topic;
        _topic.TopicId = topicId;
        _topic.Partitions.Clear();
        Request.Topics.Clear();
        Request.Topics.Add(_topic);
    }

    /// <summary>Asks for a partition too.</summary>
    public void Add(PartitionCursor cursor, FetchSettings settings)
    {
        var request = cursor.Request;
        request.Partition = cursor.Index;
        request.FetchOffset = cursor.Offset;
        request.CurrentLeaderEpoch = cursor.LeaderEpoch;
        request.LastFetchedEpoch = cursor.OffsetEpoch;
        request.PartitionMaxBytes = settings.MaxPartitionBytes;
        _topic.Partitions.Add(request);
        Sent.Add(cursor);
        cursor.IsAsked = true;
        cursor.Turn = this;
    }

    /// <summary>
    /// Holds the response's batches against their checksums: here, on the thread that has just read them from the socket,
    /// they are still in its processor's cache. What this does not get to is checked when it is unpacked.
    /// </summary>
    public void Check()
    {
        foreach (var topic in Response.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                _sound.Add(CountSound(partition.Records is { } records ? records.Span : default));
            }
        }
    }

    /// <summary>How many bytes of a partition's records need no check any more.</summary>
    /// <param name="ordinal">Which partition of the response.</param>
    public int SoundBytes(int ordinal) => ordinal < _sound.Count ? _sound[ordinal] : 0;

    private static int CountSound(ReadOnlySpan<byte> records)
    {
        var sound = 0;
        while (RecordBatches.Validate(records[sound..], out var size) == RecordBatchFault.None)
        {
            sound += size;
        }

        return sound;
    }
}
