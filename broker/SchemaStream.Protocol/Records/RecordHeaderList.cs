namespace SchemaStream.Protocol.Records;

/// <summary>The headers of one record; enumerating them allocates nothing. Their lengths were checked already.</summary>
public readonly ref struct RecordHeaderList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal RecordHeaderList(int count, ReadOnlySpan<byte> bytes)
    {
        Count = count;
        _bytes = bytes;
    }

    public int Count { get; }

    public Enumerator GetEnumerator() => new(Count, _bytes);

    public ref struct Enumerator
    {
        private RecordSpan _rest;
        private int _left;

        internal Enumerator(int count, ReadOnlySpan<byte> bytes)
        {
            _left = count;
            _rest = new RecordSpan(bytes);
            Current = default;
        }

        public RecordHeaderView Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0 || !_rest.TryReadField(out var key) || !_rest.TryReadField(out var value))
            {
                return false;
            }

            _left--;
            Current = new RecordHeaderView(key.Bytes, value);
            return true;
        }
    }
}

/// <summary>One header of a record: a UTF-8 key and bytes that may be null.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, RecordField value)
    {
        Key = key;
        HasValue = value.IsPresent;
        Value = value.Bytes;
    }

    public ReadOnlySpan<byte> Key { get; }

    public bool HasValue { get; }

    public ReadOnlySpan<byte> Value { get; }
}
