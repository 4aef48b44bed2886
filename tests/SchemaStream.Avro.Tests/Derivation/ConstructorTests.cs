namespace SchemaStream.Avro.Tests.Derivation;

/// <summary>Which constructor makes a value, where getters over fields of their own say nothing of what they hold.</summary>
public sealed class ConstructorTests
{
    [Fact]
    public void PairsOfADictionary_KeepKeyAndValue()
    {
        var pairs = new List<KeyValuePair<int, string>> { new(1, "one"), new(2, "two") };

        Payload.RoundTrip(pairs).ShouldBe(pairs);
    }

    [Fact]
    public void TheConstructorThatTakesMost_IsUsed()
    {
        var span = Payload.RoundTrip(new Span(3, 7));

        (span.From, span.To).ShouldBe((3, 7));
        Payload.RoundTrip(new Written("text")).Text.ShouldBe("text");
    }

    public readonly struct Span
    {
        private readonly int _from;
        private readonly int _to;

        public Span(int from)
            : this(from, from)
        {
        }

        public Span(int from, int to) => (_from, _to) = (from, to);

        public int From => _from;

        public int To => _to;

        public int Length => _to - _from;
    }

    public sealed class Written
    {
        private readonly string _text;

        public Written() => _text = "";

        public Written(string text) => _text = text;

        public string Text => _text;
    }
}
