using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Replication;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>Replies that wait until what they rest on is committed.</summary>
internal sealed class PendingReplies(GroupShardHost shard, IReadOnlyList<SendReply> replies) : IAcknowledgement
{
    public void Complete(ErrorCode error)
    {
        foreach (var reply in replies)
        {
            shard.Send(reply, error);
        }
    }
}
