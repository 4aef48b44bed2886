using System.Collections;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Fetches;

/// <summary>
/// What one client fetches, kept from fetch to fetch (KIP-227): a request names what changed, an answer has what is new.
/// The session itself is the list that is asked for, beginning where the last full answer ended, so that an incremental
/// fetch copies and allocates nothing. One fetch at a time has it, from <see cref="FetchSessionCache.Continue"/> to
/// <see cref="FetchSessionCache.Release"/>.
/// </summary>
internal sealed class FetchSession : IReadOnlyList<FetchPartition>
{
    private readonly Dictionary<FetchSessionKey, int> _places = [];
    private readonly List<FetchPartition> _wanted = [];
    private readonly List<Told> _told = [];
    private long _imageOffset = -1;
    private int _first;

    private FetchSession(bool isPrivileged, bool usesTopicIds) => (IsPrivileged, UsesTopicIds) = (isPrivileged, usesTopicIds);

    /// <summary>A follower's: consumers' sessions make room for it.</summary>
    public bool IsPrivileged { get; }

    public bool UsesTopicIds { get; }

    public int Count => _wanted.Count;

    /// <summary>Under the cache's lock, as all up to <see cref="CountedPartitions"/>.</summary>
    public int Id { get; set; }

    /// <summary>The one that the next request must have.</summary>
    public int Epoch { get; set; }

    public bool IsInUse { get; set; }

    public long CreatedMs { get; set; }

    public long LastUsedMs { get; set; }

    /// <summary>As many as the cache has reckoned with.</summary>
    public int CountedPartitions { get; set; }

    /// <summary>In the order in which they are asked for.</summary>
    public FetchPartition this[int index] => _wanted[PlaceOf(index)];

    /// <summary>A session that begins with a fetch of everything and its answer, which stand in the same order.</summary>
    public static FetchSession After(
        FetchRequest request,
        IReadOnlyList<FetchPartitionResult> results,
        MetadataImage image,
        bool isPrivileged,
        bool usesTopicIds)
    {
        var session = new FetchSession(isPrivileged, usesTopicIds) { _imageOffset = image.Offset };
        var next = 0;
        foreach (var topic in request.Topics)
        {
            var isKnown = FetchTopics.TryFind(image, topic.TopicId, topic.Topic, usesTopicIds, out var found);
            foreach (var partition in topic.Partitions)
            {
                var key = FetchTopics.KeyOf(topic, partition.Partition, usesTopicIds);
                session.Set(key, FetchTopics.Wanted(found?.TopicId ?? topic.TopicId, partition), isKnown);
                session.TakeNews(session._places[key], results[next++]);
            }
        }

        return session;
    }

    public FetchSessionKey KeyOf(int index) => _told[PlaceOf(index)].Key;

    /// <summary>Whether there was such a topic in the image that was last looked up.</summary>
    public bool IsKnown(int index) => _told[PlaceOf(index)].IsKnown;

    /// <summary>Takes in what the request says to add, to change and to leave out.</summary>
    public void Update(FetchRequest request, MetadataImage image)
    {
        FollowMetadata(image);
        foreach (var topic in request.Topics)
        {
            var isKnown = FetchTopics.TryFind(image, topic.TopicId, topic.Topic, UsesTopicIds, out var found);
            foreach (var partition in topic.Partitions)
            {
                Set(
                    FetchTopics.KeyOf(topic, partition.Partition, UsesTopicIds),
                    FetchTopics.Wanted(found?.TopicId ?? topic.TopicId, partition),
                    isKnown);
            }
        }

        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
            {
                Forget(new FetchSessionKey(topic.TopicId, UsesTopicIds ? "" : topic.Topic, partition));
            }
        }
    }

    /// <summary>Whether the answer has anything that the client was not told; then it is reckoned as told.</summary>
    public bool TakeNews(int index, in FetchPartitionResult result)
    {
        var place = PlaceOf(index);
        var told = _told[place];
        if (!told.IsKnown || result.Error != ErrorCode.None)
        {
            // Told every time; and once it is over, that is news too.
            _told[place] = told with { HighWatermark = -1 };
            return true;
        }

        var isNews = result.Records.Length > 0
            || result.HighWatermark != told.HighWatermark
            || result.LastStableOffset != told.LastStableOffset
            || result.LogStartOffset != told.LogStartOffset
            || result.DivergingEpoch is not null
            || result.PreferredReadReplica >= 0;
        if (isNews)
        {
            _told[place] = told with
            {
                HighWatermark = result.HighWatermark,
                LastStableOffset = result.LastStableOffset,
                LogStartOffset = result.LogStartOffset,
            };
        }

        return isNews;
    }

    /// <summary>The next fetch begins behind this one, which was the last to get any of the bytes.</summary>
    public void BeginAfter(int index) => _first = (PlaceOf(index) + 1) % Count;

    public IEnumerator<FetchPartition> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A partition that was named twice is wanted as it was named last.</summary>
    private void Set(in FetchSessionKey key, in FetchPartition wanted, bool isKnown)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _wanted[place] = wanted;
            _told[place] = _told[place] with { IsKnown = isKnown };
            return;
        }

        _places.Add(key, _wanted.Count);
        _wanted.Add(wanted);
        _told.Add(new Told(key, isKnown, -1, -1, -1));
    }

    /// <summary>Topics come, go, and come again under the same name with another id.</summary>
    private void FollowMetadata(MetadataImage image)
    {
        if (image.Offset == _imageOffset)
        {
            return;
        }

        _imageOffset = image.Offset;
        for (var i = 0; i < _told.Count; i++)
        {
            var key = _told[i].Key;
            var isKnown = FetchTopics.TryFind(image, key.TopicId, key.Topic, UsesTopicIds, out var found);
            _told[i] = _told[i] with { IsKnown = isKnown };
            if (!UsesTopicIds)
            {
                _wanted[i] = _wanted[i] with { Partition = new TopicIdPartition(found?.TopicId ?? Guid.Empty, key.Partition) };
            }
        }
    }

    /// <summary>The last one takes its place: no partition's place has a meaning, and none waits longer than a round for it.</summary>
    private void Forget(in FetchSessionKey key)
    {
        if (!_places.Remove(key, out var place))
        {
            return;
        }

        var last = _wanted.Count - 1;
        if (place < last)
        {
            (_wanted[place], _told[place]) = (_wanted[last], _told[last]);
            _places[_told[place].Key] = place;
        }

        _wanted.RemoveAt(last);
        _told.RemoveAt(last);
        _first = _first < last ? _first : 0;
    }

    private int PlaceOf(int index)
    {
        var place = _first + index;
        return place < Count ? place : place - Count;
    }

    /// <summary>What the client knows of a partition.</summary>
    private readonly record struct Told(
        FetchSessionKey Key, bool IsKnown, long HighWatermark, long LastStableOffset, long LogStartOffset);
}
