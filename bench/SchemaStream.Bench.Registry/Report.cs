using System.Globalization;

namespace SchemaStream.Bench.Registry;

/// <summary>What was measured beside what it may be. Printed as it comes, and as one table at the end.</summary>
internal sealed class Report
{
    private readonly List<(string Figure, string Measured, string Budget, bool? IsMet)> _rows = [];

    public bool AllMet => _rows.TrueForAll(row => row.IsMet != false);

    /// <param name="most">What it may be at most; null for a figure without a budget.</param>
    public void Add(string figure, double measured, string unit, double? most = null, string? detail = null)
    {
        var digits = measured < 10 ? "F2" : "N0";
        var text = measured.ToString(digits, CultureInfo.InvariantCulture) + " " + unit + (detail is null ? "" : $" ({detail})");
        var budget = most is { } limit ? $"<= {limit.ToString(CultureInfo.InvariantCulture)} {unit}" : "";
        _rows.Add((figure, text, budget, most is null ? null : measured <= most));
        Console.WriteLine($"  {figure}: {text}");
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| figure | measured | budget | |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (figure, measured, budget, isMet) in _rows)
        {
            Console.WriteLine($"| {figure} | {measured} | {budget} | {isMet switch { true => "met", false => "MISSED", null => "" }} |");
        }
    }

    /// <summary>The middle one: a busy machine makes some runs slow, nothing makes one fast.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
