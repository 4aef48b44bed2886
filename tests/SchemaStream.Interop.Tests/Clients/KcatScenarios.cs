using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>The scenarios with kcat. Topics are made, and records with timestamps written, by another client: kcat cannot.</summary>
internal sealed partial class KcatScenarios(string bootstrapServers, string topic)
{
    private readonly ConfluentKafkaScenarios _other = new(bootstrapServers, topic);

    public async Task<JsonNode> RunAsync(string scenario) => scenario.Split('-') switch
    {
        ["compression", var codec] => await CompressionAsync(codec),
        ["headers"] => await HeadersAsync(),
        ["idempotent"] => await IdempotentAsync(),
        ["seek"] => await SeekAsync(),
        ["resume"] => await ResumeAsync(),
        ["group"] => await GroupAsync(),
        _ => throw new ArgumentException($"no scenario of this client: {scenario}", nameof(scenario)),
    };

    private async Task<JsonNode> CompressionAsync(string codec)
    {
        await _other.CreateAsync(1);
        List<string> values = [.. Enumerable.Range(0, 300).Select(i => $"value-{i} {new string('x', 100)}")];
        await KcatAsync(["-P", "-t", topic, "-z", codec, "-X", "acks=all"], Lines(values));
        var found = await ReadAllAsync();
        return new JsonObject { ["delivered"] = values.Count, ["read"] = found.Length, ["same"] = found.SequenceEqual(values) };
    }

    private async Task<JsonNode> HeadersAsync()
    {
        await _other.CreateAsync(1);
        await KcatAsync(["-P", "-t", topic, "-H", "trace=abc", "-H", "empty=", "-K", ":"], "k:v\n");
        await KcatAsync(["-P", "-t", topic, "-K", ":", "-Z"], "gone:\n");
        var lines = (await KcatAsync(["-C", "-t", topic, "-e", "-q", "-f", "%h|%k|%s|%S\\n"])).Trim().Split('\n').Select(line => line.Split('|')).ToList();
        var headers = new JsonObject();
        foreach (var header in lines[0][0].Split(','))
        {
            headers[header.Split('=')[0]] = header.Split('=')[1];
        }

        return new JsonObject
        {
            ["key"] = lines[0][1], ["value"] = lines[0][2], ["headers"] = headers, ["tombstone"] = lines[1][3] == "-1" ? lines[1][1] : null,
        };
    }

    private async Task<JsonNode> IdempotentAsync()
    {
        await _other.CreateAsync(1);
        List<string> values = [.. Enumerable.Range(0, 1000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        await KcatAsync(["-P", "-t", topic, "-X", "enable.idempotence=true"], Lines(values));
        var found = await ReadAllAsync();
        return new JsonObject { ["delivered"] = values.Count, ["read"] = found.Length, ["inOrder"] = found.SequenceEqual(values) };
    }

    private async Task<JsonNode> SeekAsync()
    {
        const long first = 1_700_000_000_000;
        await _other.CreateAsync(1);
        await _other.ProduceByTimeAsync(DateTimeOffset.FromUnixTimeMilliseconds(first));
        var found = (await KcatAsync(["-C", "-t", topic, "-p", "0", "-o", $"s@{first + 7500}", "-e", "-q", "-f", "%o %s\\n"])).Trim().Split('\n');
        return new JsonObject
        {
            ["offset"] = await OffsetAsync(first + 7500), ["value"] = found[0].Split(' ')[1], ["low"] = await OffsetAsync(-2), ["high"] = await OffsetAsync(-1),
        };
    }

    private async Task<JsonNode> ResumeAsync()
    {
        await _other.CreateAsync(1);
        await KcatAsync(["-P", "-t", topic], Lines(Enumerable.Range(0, 100).Select(i => $"{i}")));
        string[] read = ["-X", "auto.offset.reset=earliest", "-q", "-f", "%o\\n"];
        await KcatAsync(["-G", topic, .. read, "-c", "40", topic]);
        var committed = _other.Committed(topic);
        var rest = (await KcatAsync(["-G", topic, .. read, "-e", topic])).Trim().Split('\n');
        return new JsonObject { ["committed"] = committed, ["resumedAt"] = long.Parse(rest[0], CultureInfo.InvariantCulture), ["rest"] = rest.Length };
    }

    private async Task<JsonNode> GroupAsync()
    {
        await _other.CreateAsync(6);
        var members = new List<KcatMember>();
        var gone = new List<KcatMember>();
        try
        {
            Join();
            await SettleAsync(6);
            var alone = await ShareAsync(5);
            Join();
            Join();
            await SettleAsync(2, 2, 2);
            var three = await ShareAsync(50);
            gone.Add(members[^1]);
            members.RemoveAt(members.Count - 1);
            await gone[0].LeaveAsync();
            await SettleAsync(3, 3);
            var two = await ShareAsync(10);
            var seen = members.Concat(gone).SelectMany(member => member.Lines).ToList();
            return new JsonObject { ["alone"] = alone, ["three"] = three, ["two"] = two, ["twice"] = seen.Count - seen.Distinct().Count() };
        }
        finally
        {
            foreach (var member in members.Concat(gone))
            {
                await member.DisposeAsync();
            }
        }

        void Join() => members.Add(KcatMember.Start(bootstrapServers, topic));

        async Task SettleAsync(params int[] shares) => await TestKit.Eventually.GetAsync(
            () => Task.FromResult(members.Select(member => member.Share).Order().ToList()),
            found => found.SequenceEqual(shares),
            $"the members have {string.Join(", ", shares)} partitions");

        async Task<int> ShareAsync(int count)
        {
            var before = Read();
            for (var partition = 0; partition < 6; partition++)
            {
                await KcatAsync(["-P", "-t", topic, "-p", $"{partition}"], Lines(Enumerable.Range(0, count).Select(i => $"{i}")));
            }

            await TestKit.Eventually.GetAsync(() => Task.FromResult(Read() - before), read => read >= 6 * count, $"{6 * count} records are read");
            return Read() - before;
        }

        int Read() => members.Concat(gone).Sum(member => member.Lines.Count);
    }

    private async Task<string[]> ReadAllAsync() =>
        (await KcatAsync(["-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-f", "%s\\n"])).TrimEnd('\n').Split('\n');

    private async Task<long> OffsetAsync(long timestamp) => long.Parse(
        OffsetPattern().Match(await KcatAsync(["-Q", "-t", $"{topic}:0:{timestamp}"])).Groups[1].Value, CultureInfo.InvariantCulture);

    private Task<string> KcatAsync(string[] arguments, string input = "") =>
        ExternalTool.RunAsync("kcat", ["-b", bootstrapServers, .. arguments], input);

    private static string Lines(IEnumerable<string> values) => string.Concat(values.Select(value => value + "\n"));

    [GeneratedRegex(@"offset (\d+)")]
    private static partial Regex OffsetPattern();
}
