using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Scripts;

/// <summary>
/// Plays a script: lines of a command with its arguments are carried out, lines that begin with '>' are replaced by what
/// comes out of them, comments and blank lines stay. Member ids are shown as the name they began with.
/// <code>
/// join NAME [instance=I] [protocols=P,P] [askid]     sync NAME [NAME=TEXT ...]     heartbeat NAME     leave NAME
/// commit NAME OFFSET     describe     wait SECONDS     fail ERROR|None     restart
/// </code>
/// </summary>
internal sealed partial class ScriptRun
{
    private readonly Dictionary<string, JoinGroupReply> _joined = [];
    private readonly Dictionary<RequestToken, string> _requests = [];
    private readonly StringBuilder _output = new();
    private ShardDriver _driver;
    private int _logged;

    public ScriptRun()
    {
        _driver = new ShardDriver();
        _driver.Effect += Show;
    }

    public string Play(string script)
    {
        foreach (var line in script.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith('>')))
        {
            _output.Append(line).Append('\n');
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                Carry(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                ShowRecords();
            }
        }

        return _output.ToString();
    }

    private void Carry(string[] words)
    {
        switch (words[0])
        {
            case "join":
                Join(words[1], words[2..]);
                break;
            case "sync":
                Send(words[1], "sync", Sync(_joined[words[1]], [.. words[2..].Select(Assignment)]) with { GroupInstanceId = InstanceOf(words[1]) });
                break;
            case "heartbeat":
                Send(words[1], "heartbeat", Heartbeat(_joined[words[1]]) with { GroupInstanceId = InstanceOf(words[1]) });
                break;
            case "leave":
                Send(words[1], "leave", Leave(_joined[words[1]].MemberId, InstanceOf(words[1])));
                break;
            case "commit":
                Send(words[1], "commit", Commit(long.Parse(words[2]), _joined[words[1]]) with { GroupInstanceId = InstanceOf(words[1]) });
                break;
            case "describe":
                Send("someone", "describe", new DescribeGroupCommand(Requests.Group));
                break;
            case "wait":
                _driver.Advance(TimeSpan.FromSeconds(int.Parse(words[1])));
                break;
            case "fail":
                _driver.AppendError = Enum.Parse<ErrorCode>(words[1]);
                break;
            case "restart":
                _driver = _driver.Restart();
                _driver.Effect += Show;
                break;
            default:
                throw new InvalidOperationException($"{words[0]} is no command of a script");
        }
    }

    private readonly Dictionary<string, string> _instances = [];

    private string? InstanceOf(string name) => _instances.GetValueOrDefault(name);

    private void Join(string name, string[] options)
    {
        var join = Requests.Join(name, _joined.TryGetValue(name, out var joined) ? joined.MemberId : "", InstanceOf(name)) with
        {
            SupportSkippingAssignment = true,
        };
        foreach (var option in options)
        {
            var (key, value) = option.Split('=') is [var left, var right] ? (left, right) : (option, "");
            join = key switch
            {
                "instance" => join with { GroupInstanceId = _instances[name] = value },
                "protocols" => join with { Protocols = [.. value.Split(',').Select(protocol => new JoinProtocol(protocol, Bytes($"{name}/{protocol}")))] },
                "metadata" => join with { Protocols = [new JoinProtocol("range", Bytes(value))] },
                "askid" => join with { RequireKnownMemberId = true },
                _ => throw new InvalidOperationException($"join has no option {option}"),
            };
        }

        Send(name, "join", join);
    }

    private void Send(string name, string what, GroupCommand command)
    {
        // Replies come out within Send, so the name must be known before: tokens count up.
        _requests[new RequestToken(_driver.LastToken + 1)] = $"{name} {what}";
        if (_driver.IsWaiting(_driver.Send(command)))
        {
            _output.Append($"> {name} {what}: waits\n");
        }
    }

    private string Assignment(string text)
    {
        var (name, value) = text.Split('=') is [var left, var right] ? (left, right) : throw new InvalidOperationException(text);
        return $"{_joined[name].MemberId}={value}";
    }

    private void Show(GroupEffect effect)
    {
        var line = effect switch
        {
            SendReply reply => Reply(reply),
            ScheduleTimer timer => $"timer {Name(timer.Key)} at {timer.DeadlineMs / 1000}s",
            CancelTimer timer => $"timer {Name(timer.Key)} off",
            Report report => $"note: {report.Message}",
            _ => throw new InvalidOperationException(effect.ToString()),
        };
        _output.Append("> ").Append(Readable(line)).Append('\n');
    }

    private string Reply(SendReply reply)
    {
        var request = _requests[reply.Token];
        if (reply.Reply is JoinGroupReply { ErrorCode: ErrorCode.None or ErrorCode.MemberIdRequired } known)
        {
            _joined[request.Split(' ')[0]] = known;
        }

        return $"{request}: " + reply.Reply switch
        {
            JoinGroupReply { ErrorCode: ErrorCode.None } joined =>
                $"generation {joined.GenerationId} {joined.ProtocolName} leader {joined.LeaderId}"
                + (joined.Members.Count > 0 ? $" of {string.Join(' ', joined.Members.Select(member => member.MemberId))}" : "")
                + (joined.SkipAssignment ? " skip assignment" : ""),
            JoinGroupReply joined => $"{joined.ErrorCode}",
            SyncGroupReply { ErrorCode: ErrorCode.None } synced => $"assigned {(synced.Assignment.IsEmpty ? "nothing" : Text(synced.Assignment))}",
            SyncGroupReply synced => $"{synced.ErrorCode}",
            HeartbeatReply heard => $"{heard.ErrorCode}",
            LeaveGroupReply { Members: [] } refused => $"{refused.ErrorCode}",
            LeaveGroupReply left => string.Join(' ', left.Members.Select(member => member.ErrorCode)),
            OffsetCommitReply committed => $"{committed.Topics[0].Partitions[0].ErrorCode}",
            DescribeGroupReply described =>
                $"{described.State} {string.Join(' ', described.Members.Select(member => $"{member.MemberId}={Text(member.Assignment)}"))}".TrimEnd(),
            _ => throw new InvalidOperationException(reply.ToString()),
        };
    }

    private void ShowRecords()
    {
        for (; _logged < _driver.Log.Count; _logged++)
        {
            var encoded = _driver.Log[_logged];
            GroupRecordFormat.TryDecode(encoded.Key, encoded.Value, out var record, out var skipped).ShouldBeTrue(skipped);
            _output.Append("> record ").Append(Readable(record switch
            {
                GroupMetadataRecord { Value: { } group } =>
                    $"generation {group.GenerationId} {string.Join(' ', group.Members.Select(member => $"{member.MemberId}={Text(member.Assignment)}"))}".TrimEnd(),
                OffsetCommitRecord { Value: { } offset } commit => $"offset {commit.Topic}-{commit.Partition} {offset.Offset}",
                _ => $"tombstone of {record!.GetType().Name}",
            })).Append('\n');
        }
    }

    private static string Name(GroupTimerKey key) => key.Kind switch
    {
        GroupTimerKind.Session => $"session {key.MemberId}",
        _ => key.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Ids end in a uuid, which no reader wants; static members' begin with the instance.</summary>
    private static string Readable(string text) => MemberUuid().Replace(text, match =>
        Text(new Guid(match.Groups[1].Value).ToByteArray(bigEndian: true)).TrimEnd('\0'));

    [GeneratedRegex("[a-z0-9]+-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")]
    private static partial Regex MemberUuid();
}
