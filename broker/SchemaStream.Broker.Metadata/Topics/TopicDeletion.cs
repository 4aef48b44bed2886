using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>DeleteTopics, by name or id.</summary>
internal static class TopicDeletion
{
    public static DeleteTopicsReply Delete(ControllerDraft draft, DeleteTopicsCommand command)
    {
        var deleted = new HashSet<Guid>();
        return new DeleteTopicsReply([.. command.Topics.Select(selector => Delete(draft, selector, deleted))]);
    }

    private static DeletedTopic Delete(ControllerDraft draft, TopicSelector selector, HashSet<Guid> deleted)
    {
        if (selector.Name is not null && selector.TopicId != Guid.Empty)
        {
            return new DeletedTopic(
                selector.Name, selector.TopicId, ErrorCode.InvalidRequest, "You may not specify both topic name and topic id.");
        }

        if (Find(draft.Image, selector) is not { } topic)
        {
            return selector.Name is not null
                ? new DeletedTopic(
                    selector.Name, Guid.Empty, ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.")
                : new DeletedTopic(null, selector.TopicId, ErrorCode.UnknownTopicId, "This server does not host this topic ID.");
        }

        if (!deleted.Add(topic.TopicId))
        {
            return new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.InvalidRequest, "Duplicate topic.");
        }

        draft.Records.Add(new RemoveTopicRecord { TopicId = topic.TopicId });
        return new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.None, null);
    }

    private static TopicImage? Find(MetadataImage image, TopicSelector selector)
    {
        TopicImage? topic;
        return selector.Name is not null
            ? image.TryGetTopic(selector.Name, out topic) ? topic : null
            : image.TryGetTopic(selector.TopicId, out topic) ? topic : null;
    }
}
