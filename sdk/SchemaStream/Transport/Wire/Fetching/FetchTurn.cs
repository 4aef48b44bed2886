using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>One request after another to one broker, with the objects that it is made of: they are used again.</summary>
/// <param name="nodeId">The broker.</param>
internal sealed class FetchTurn(int nodeId)
{
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

    /// <summary>Begins a request without partitions.</summary>
    public void Begin(FetchSettings settings, string topic, Guid topicId, bool byId)
    {
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
