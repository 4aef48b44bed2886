using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>DeleteTopics, by name or id. A topic that is named twice, in either way, is not deleted: it may be a mistake.</summary>
internal static class TopicDeletion
{
    public static DeleteTopicsReply Delete(ControllerDraft draft, DeleteTopicsCommand command)
    {
        var found = command.Topics.Select(selector => IsAmbiguous(selector) ? null : Find(draft.Image, selector)).ToArray();
        var named = found.OfType<TopicImage>().CountBy(topic => topic.TopicId).ToDictionary();
        return new DeleteTopicsReply([.. command.Topics.Zip(found, (selector, topic) => Delete(draft, selector, topic, named))]);
    }

    private static DeletedTopic Delete(ControllerDraft draft, TopicSelector selector, TopicImage? topic, Dictionary<Guid, int> named)
    {
        if (IsAmbiguous(selector))
        {
            return new DeletedTopic(
                selector.Name, selector.TopicId, ErrorCode.InvalidRequest, "You may not specify both topic name and topic id.");
        }

        if (topic is null)
        {
            return selector.Name is not null
                ? new DeletedTopic(
                    selector.Name, Guid.Empty, ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.")
                : new DeletedTopic(null, selector.TopicId, ErrorCode.UnknownTopicId, "This server does not host this topic ID.");
        }

        if (named[topic.TopicId] > 1)
        {
            return new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.InvalidRequest, "Duplicate topic name or id.");
        }

        draft.Records.Add(new RemoveTopicRecord { TopicId = topic.TopicId });
        return new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.None, null);
    }

    private static bool IsAmbiguous(TopicSelector selector) => selector.Name is not null && selector.TopicId != Guid.Empty;

    private static TopicImage? Find(MetadataImage image, TopicSelector selector)
    {
        TopicImage? topic;
        return selector.Name is not null
            ? image.TryGetTopic(selector.Name, out topic) ? topic : null
            : image.TryGetTopic(selector.TopicId, out topic) ? topic : null;
    }
}
