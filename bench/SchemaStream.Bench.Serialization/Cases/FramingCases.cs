using SchemaStream.Serialization;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>Confluent's prefix around a payload of no bytes at all: what every message costs beside its own bytes.</summary>
/// <remarks>Ten nanoseconds are the whole of it, so the ratio is to ten nanoseconds.</remarks>
internal sealed class FramingCases : IFormatCases
{
    private const double Nanoseconds = 10;

    private readonly byte[] _message = new byte[WireFormat.PrefixBytes];
    private readonly FixedBuffer _buffer = new(64);

    public IEnumerable<Comparison> All() => [new Framing("framing.write", Write), new Framing("framing.read", Read)];

    private int Write()
    {
        _buffer.Reset();
        WireFormat.WritePrefix(_buffer.GetSpan(WireFormat.PrefixBytes), 4711);
        _buffer.Advance(WireFormat.PrefixBytes);
        return _buffer.Written;
    }

    private int Read() => WireFormat.ReadPrefix(_message);

    private sealed class Framing(string name, Func<int> work) : Comparison(name, 1, 0)
    {
        public override Measurement Measure(Meter meter)
        {
            var measured = meter.Compare(work, work);
            return measured with { Ratio = measured.Nanoseconds / Nanoseconds };
        }
    }
}
