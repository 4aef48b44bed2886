using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>An image's topics, as coordinators of groups see them.</summary>
internal sealed class ImageTopics(MetadataImage image) : IGroupTopics
{
    public IEnumerable<string> Names => image.TopicsByName.Keys;

    /// <summary>This view, or one of the newer image if topics may have changed since.</summary>
    public ImageTopics Of(MetadataImage newer) => ReferenceEquals(newer.TopicsByName, image.TopicsByName) ? this : new ImageTopics(newer);

    public bool TryGet(string name, out GroupTopic topic) => Found(image.TryGetTopic(name, out var found) ? found : null, out topic);

    public bool TryGet(Guid topicId, out GroupTopic topic) => Found(image.TryGetTopic(topicId, out var found) ? found : null, out topic);

    private static bool Found(TopicImage? found, out GroupTopic topic)
    {
        topic = found is null ? default : new GroupTopic(found.Name, found.TopicId, found.Partitions.Length);
        return found is not null;
    }
}
