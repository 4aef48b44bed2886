using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>
/// A member that has no partition: rightly so, for others have all of them, or because the broker that the group's leader has
/// asked for the topic's partitions had not heard of it yet, as with one that was made a moment ago. Of the latter librdkafka
/// hears nothing any more: for it the topic has not changed since. So the member looks, and joins anew.
/// </summary>
internal sealed unsafe partial class NativeConsumer
{
    private const int GroupTimeoutMs = 2000;

    /// <summary>How soon a member without partitions looks; each time it waits twice as long for the next.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    private readonly string _groupId;
    private TimeSpan _nextGroupLookAfter = FirstLook;
    private long _emptySince;

    private void JoinAnewIfStarved()
    {
        if (_mode != ReadMode.Group || _assigned.Count > 0)
        {
            _emptySince = 0;
            _nextGroupLookAfter = FirstLook;
        }
        else if (_emptySince == 0)
        {
            _emptySince = Stopwatch.GetTimestamp();
        }
        else if (Stopwatch.GetElapsedTime(_emptySince) >= _nextGroupLookAfter)
        {
            if (CountPartitions(out _) is > 0 and var count && CountSharedOut() < count)
            {
                Logger.MemberJoinsAnew(_topic, _groupId);
                Report(Librdkafka.Unsubscribe(_client), "leaving the group");
                Subscribe();
            }

            _emptySince = Stopwatch.GetTimestamp();
            _nextGroupLookAfter = TimeSpan.FromTicks(Math.Min(_nextGroupLookAfter.Ticks * 2, LongestLook.Ticks));
        }
    }

    private void Subscribe()
    {
        using var topics = new PartitionList(1);
        topics.Add(_topic, Librdkafka.UnassignedPartition);
        NativeClient.Demand(Librdkafka.Subscribe(_client, topics.Pointer), $"subscribing to topic '{_topic}'");
    }

    /// <summary>How many partitions members of the group have; null while it is sharing them out, or does not say.</summary>
    private int? CountSharedOut()
    {
        NativeGroups* groups;
        var error = Librdkafka.ListGroups(_client, _groupId, &groups, GroupTimeoutMs);
        if (error != NativeErrors.None)
        {
            return null; // what some brokers say is not enough
        }

        try
        {
            for (var index = 0; index < groups->Count; index++)
            {
                if (Marshal.PtrToStringUTF8((nint)groups->Groups[index].Name) == _groupId)
                {
                    return CountSharedOut(in groups->Groups[index]);
                }
            }

            return 0; // it has no members, not even this one
        }
        finally
        {
            Librdkafka.GroupsDestroy(groups);
        }
    }

    private int? CountSharedOut(in NativeGroup group)
    {
        if (group.Error != NativeErrors.None)
        {
            return null;
        }

        var state = Marshal.PtrToStringUTF8((nint)group.State);
        if (state != "Stable")
        {
            return state is "Empty" or "Dead" ? 0 : null;
        }

        var count = 0;
        for (var index = 0; index < group.MemberCount; index++)
        {
            if (group.Members[index].CountPartitions(_topic) is not { } more)
            {
                return null;
            }

            count += more;
        }

        return count;
    }
}
