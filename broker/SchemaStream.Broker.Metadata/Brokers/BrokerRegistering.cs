using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>A process says that it is a broker.</summary>
internal static class BrokerRegistering
{
    /// <summary>Listeners of one broker.</summary>
    private const int MaxEndpoints = 32;

    /// <summary>Characters of a host, a listener's name or a rack; a name in the DNS has no more.</summary>
    private const int LongestName = 255;

    public static RegisterBrokerReply Register(ControllerDraft draft, RegisterBrokerCommand command)
    {
        if (Check(command) is { } reason)
        {
            return command.Refused(ErrorCode.InvalidRegistration, reason);
        }

        var image = draft.Image;
        image.Brokers.TryGetValue(command.BrokerId, out var known);
        if (known is null && image.Brokers.Count >= draft.Options.MaxBrokers)
        {
            return command.Refused(
                ErrorCode.PolicyViolation, $"The cluster has {image.Brokers.Count} brokers and takes no more; unregister some.");
        }

        if (known is not null && known.IncarnationId == command.IncarnationId)
        {
            return RegisterAgain(draft, command, known);
        }

        if (known is not null && IsStillThere(draft, command, known))
        {
            return command.Refused(
                ErrorCode.DuplicateBrokerRegistration,
                $"Another process is registered as broker {command.BrokerId}, at {known.Endpoints[0].Host}:{known.Endpoints[0].Port}, " +
                "and was heard of within the session time-out.");
        }

        draft.Leave(command.BrokerId);
        var isOtherDisk = known is not null && known.DirectoryId != Guid.Empty && known.DirectoryId != command.DirectoryId;
        var isAll = command.PreviousShutdownWasClean && !isOtherDisk
            ? PartitionUpkeep.MoveAway(draft, command.BrokerId)
            : PartitionUpkeep.Distrust(draft, command.BrokerId, isOtherDisk);
        if (!isAll)
        {
            return Continue(draft, command, known);
        }

        // An epoch that no one had before: Kafka takes the record's offset, which only grows.
        var epoch = Math.Max(image.Offset + 1, (known?.BrokerEpoch ?? -1) + 1);
        draft.Records.Add(Record(command, epoch, fenced: true, inControlledShutdown: false));
        draft.Sessions.Touch(command.BrokerId, epoch, draft.NowMs);
        return new RegisterBrokerReply(ErrorCode.None, null, epoch);
    }

    /// <summary>The same process asks again: its first reply was lost, or an address of its changed.</summary>
    private static RegisterBrokerReply RegisterAgain(ControllerDraft draft, RegisterBrokerCommand command, BrokerRegistration known)
    {
        if (known.Rack != command.Rack || known.DirectoryId != command.DirectoryId || !known.Endpoints.SequenceEqual(command.Endpoints))
        {
            draft.Records.Add(Record(command, known.BrokerEpoch, known.Fenced, known.InControlledShutdown));
        }

        draft.Sessions.Touch(command.BrokerId, known.BrokerEpoch, draft.NowMs);
        return new RegisterBrokerReply(ErrorCode.None, null, known.BrokerEpoch);
    }

    /// <summary>
    /// Whether the process known so far may still be alive. It is not if it has left, and it is not if the new one holds its
    /// data directory, which only one process can lock.
    /// </summary>
    private static bool IsStillThere(ControllerDraft draft, RegisterBrokerCommand command, BrokerRegistration known) =>
        !known.Fenced
        && !known.InControlledShutdown
        && (known.DirectoryId != command.DirectoryId || known.DirectoryId == Guid.Empty)
        && draft.Sessions.IsValid(command.BrokerId, draft.NowMs);

    /// <summary>
    /// The broker has more partitions than fit into one decision. It is registered only once all of them are settled, so
    /// that a change of the controller in between cannot leave one that counts on it.
    /// </summary>
    private static RegisterBrokerReply Continue(ControllerDraft draft, RegisterBrokerCommand command, BrokerRegistration? known)
    {
        if (known is { Fenced: false })
        {
            draft.Records.Insert(0, BrokerRecords.Fencing(known, fenced: true, inControlledShutdown: false));
        }

        return command.Refused(ErrorCode.RequestTimedOut, "The broker's partitions are being moved; register again.");
    }

    private static string? Check(RegisterBrokerCommand command)
    {
        if (command.BrokerId < 0)
        {
            return $"A broker's id is not negative: {command.BrokerId}.";
        }

        if (command.Endpoints.IsDefaultOrEmpty)
        {
            return $"Broker {command.BrokerId} has no endpoint.";
        }

        if (command.Endpoints.Length > MaxEndpoints || command.Rack?.Length > LongestName
            || command.Endpoints.Any(endpoint => endpoint.Host.Length > LongestName || endpoint.Listener.Length > LongestName))
        {
            return $"Broker {command.BrokerId} has more than {MaxEndpoints} endpoints, or a name longer than {LongestName} characters.";
        }

        var broken = command.Endpoints.FirstOrDefault(endpoint => endpoint.Host.Length == 0 || endpoint.Port is < 1 or > ushort.MaxValue);
        return broken is null ? null : $"Broker {command.BrokerId} cannot be reached at {broken.Host}:{broken.Port}.";
    }

    private static RegisterBrokerRecord Record(RegisterBrokerCommand command, long epoch, bool fenced, bool inControlledShutdown) =>
        BrokerRecords.Registration(new BrokerRegistration
        {
            BrokerId = command.BrokerId,
            IncarnationId = command.IncarnationId,
            BrokerEpoch = epoch,
            Endpoints = command.Endpoints,
            Rack = command.Rack,
            Fenced = fenced,
            InControlledShutdown = inControlledShutdown,
            DirectoryId = command.DirectoryId,
        });
}
