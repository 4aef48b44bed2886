using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>
/// What a broker is, and what its heartbeat makes of it:
/// <list type="table">
/// <item><term>fenced</term><description>unfenced, when it does not want to be fenced and acts on metadata that has its
/// own registration; may stop at once, when it wants to.</description></item>
/// <item><term>unfenced</term><description>fenced, when it wants to be; in controlled shutdown, when it wants to stop and
/// leads anything, else fenced and may stop.</description></item>
/// <item><term>in controlled shutdown</term><description>fenced and may stop, when it leads nothing and all active brokers
/// act on metadata that says so: none of them still sends a client or a follower to it.</description></item>
/// </list>
/// </summary>
internal static class BrokerHeartbeats
{
    public static BrokerHeartbeatReply Heartbeat(ControllerDraft draft, BrokerHeartbeatCommand command)
    {
        if (!draft.Image.Brokers.TryGetValue(command.BrokerId, out var broker) || broker.BrokerEpoch != command.BrokerEpoch)
        {
            return command.Refused(
                ErrorCode.StaleBrokerEpoch, $"Broker {command.BrokerId} is not registered in epoch {command.BrokerEpoch}.");
        }

        draft.Sessions.Touch(broker.BrokerId, broker.BrokerEpoch, draft.NowMs);
        draft.Sessions.Reached(broker.BrokerId, command.MetadataOffset);
        var reply = new BrokerHeartbeatReply(ErrorCode.None, null) { IsCaughtUp = command.MetadataOffset >= broker.BrokerEpoch };
        return broker switch
        {
            { Fenced: true } => OfFenced(draft, command, broker, reply),
            { InControlledShutdown: true } => OfStopping(draft, broker, reply),
            _ => OfActive(draft, command, broker, reply),
        };
    }

    private static BrokerHeartbeatReply OfFenced(
        ControllerDraft draft, BrokerHeartbeatCommand command, BrokerRegistration broker, BrokerHeartbeatReply reply)
    {
        if (command.WantShutDown)
        {
            return reply with { ShouldShutDown = true };
        }

        // What its former process still leads on record has to be taken from it first: it needs a new leader epoch.
        if (command.WantFence || !reply.IsCaughtUp || draft.Upkeep.Owes(broker.BrokerId))
        {
            return reply;
        }

        BrokerLife.Unfence(draft, broker);
        return reply with { IsFenced = false };
    }

    private static BrokerHeartbeatReply OfActive(
        ControllerDraft draft, BrokerHeartbeatCommand command, BrokerRegistration broker, BrokerHeartbeatReply reply)
    {
        if (command is { WantShutDown: true, WantFence: false } && PartitionUpkeep.LeadsAny(draft, broker.BrokerId))
        {
            BrokerLife.BeginShutdown(draft, broker);
            return reply with { IsFenced = false };
        }

        if (command.WantFence || command.WantShutDown)
        {
            BrokerLife.Fence(draft, broker);
            return reply with { ShouldShutDown = command.WantShutDown };
        }

        return reply with { IsFenced = false };
    }

    private static BrokerHeartbeatReply OfStopping(ControllerDraft draft, BrokerRegistration broker, BrokerHeartbeatReply reply)
    {
        if (draft.Upkeep.Owes(broker.BrokerId) || PartitionUpkeep.LeadsAny(draft, broker.BrokerId)
            || !EveryoneKnows(draft, broker.BrokerId))
        {
            return reply with { IsFenced = false };
        }

        BrokerLife.Fence(draft, broker);
        return reply with { ShouldShutDown = true };
    }

    private static bool EveryoneKnows(ControllerDraft draft, int brokerId)
    {
        var offset = draft.Sessions.LedNothingAt(brokerId, draft.Image.Offset);
        return draft.Image.Brokers.Values.All(
            other => !other.IsActive || draft.Sessions.MetadataOffset(other.BrokerId) >= offset);
    }
}
