namespace SchemaStream.Protobuf.Checks;

/// <summary>Ranges of numbers, end exclusive, sorted: what lies in one, and which two overlap.</summary>
internal sealed class NumberRanges<T>
{
    private readonly (long Start, long End, T Item)[] _ranges;

    public NumberRanges(IEnumerable<(long Start, long End, T Item)> ranges) =>
        _ranges = [.. ranges.OrderBy(static r => r.Start)];

    public bool Contains(long number)
    {
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].Start <= number ? (middle + 1, high) : (low, middle);
        }

        // Without overlaps only the last that begins before it can hold it.
        return low > 0 && number < _ranges[low - 1].End;
    }

    /// <summary>A range that begins before the one before it has ended; null when none does.</summary>
    public (T First, T Second)? Overlap()
    {
        for (var i = 1; i < _ranges.Length; i++)
        {
            if (_ranges[i].Start < _ranges[i - 1].End)
            {
                return (_ranges[i - 1].Item, _ranges[i].Item);
            }
        }

        return null;
    }
}
