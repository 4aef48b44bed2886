using System.Globalization;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Performance;

/// <summary>What was consumed and how fast, as <c>kafka-consumer-perf-test</c> prints it.</summary>
internal sealed class ConsumerPerfRun(ToolArguments arguments, TextWriter output)
{
    private const double Mebibyte = 1024 * 1024;
    private readonly bool _isDetailed = arguments.Has("show-detailed-stats");
    private readonly TimeSpan _interval = TimeSpan.FromMilliseconds(arguments.LongNumber("reporting-interval") ?? 5000);

    // Java's letters of what is commonly asked for: its fraction of a second is S, ours is f.
    private readonly string _format = (arguments.Value("date-format") ?? "yyyy-MM-dd HH:mm:ss:SSS").Replace('S', 'f').Replace(":", "':'", StringComparison.Ordinal);
    private DateTimeOffset _start;
    private DateTimeOffset _reportedAt;
    private long _bytes;
    private long _reportedBytes;
    private long _reportedRecords;
    private TimeSpan _joining;
    private TimeSpan _joiningInRound;

    public long Records { get; private set; }

    public void Begin()
    {
        if (!arguments.Has("hide-header"))
        {
            output.Write(_isDetailed ? "time, threadId" : "start.time, end.time");
            output.Write(
                ", data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec\n");
        }

        _start = _reportedAt = TimeProvider.System.GetLocalNow();
    }

    public void Joined(TimeSpan took)
    {
        _joining += took;
        _joiningInRound += took;
    }

    /// <summary>Counts a record; returns how many there are now.</summary>
    public long Take(in RecordView record)
    {
        _bytes += record.Key.Length + record.Value.Length;
        return ++Records;
    }

    /// <summary>Prints a line when it is time.</summary>
    public void Report()
    {
        var now = TimeProvider.System.GetLocalNow();
        if (now - _reportedAt < _interval)
        {
            return;
        }

        if (_isDetailed)
        {
            var elapsed = now - _reportedAt;
            var fetching = elapsed - _joiningInRound;
            var megabytes = (_bytes - _reportedBytes) / Mebibyte;
            var records = Records - _reportedRecords;
            output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{now.ToString(_format, CultureInfo.InvariantCulture)}, 0, {_bytes / Mebibyte:F4}, {PerSecond(megabytes, elapsed):F4}, {Records}, {PerSecond(records, elapsed):F4}, " +
                $"{(long)_joiningInRound.TotalMilliseconds}, {(long)fetching.TotalMilliseconds}, {PerSecond(megabytes, fetching):F4}, {PerSecond(records, fetching):F4}\n"));
        }

        (_reportedAt, _reportedBytes, _reportedRecords, _joiningInRound) = (now, _bytes, Records, TimeSpan.Zero);
    }

    /// <summary>Prints the line of the whole run.</summary>
    public void End()
    {
        if (_isDetailed)
        {
            return;
        }

        var end = TimeProvider.System.GetLocalNow();
        var elapsed = end - _start;
        var fetching = elapsed - _joining;
        var megabytes = _bytes / Mebibyte;
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{_start.ToString(_format, CultureInfo.InvariantCulture)}, {end.ToString(_format, CultureInfo.InvariantCulture)}, {megabytes:F4}, {PerSecond(megabytes, elapsed):F4}, " +
            $"{Records}, {PerSecond(Records, elapsed):F4}, {(long)_joining.TotalMilliseconds}, {(long)fetching.TotalMilliseconds}, " +
            $"{PerSecond(megabytes, fetching):F4}, {PerSecond(Records, fetching):F4}\n"));
    }

    private static double PerSecond(double amount, TimeSpan time) => time > TimeSpan.Zero ? amount / time.TotalSeconds : 0;
}
