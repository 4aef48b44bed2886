using System.Globalization;
using System.Text;
using Shop.Contracts;

namespace Analytics;

/// <summary>A table that is drawn over itself on a terminal; elsewhere a line for each count that has grown.</summary>
internal sealed class CountsDisplay(TextWriter output, bool isTerminal)
{
    private const int ShownMinutes = 10;
    private const int MinuteWidth = 18;
    private const int CountWidth = 8;

    private int _drawn;

    public static CountsDisplay OfThisProcess() => new(Console.Out, !Console.IsOutputRedirected);

    public void Show(Windows windows, IReadOnlyList<VisitsPerMinute> changes)
    {
        if (isTerminal)
        {
            Draw(windows.Newest(ShownMinutes));
            return;
        }

        foreach (var change in changes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.Minute:yyyy-MM-dd HH:mm}Z {change.Sku} {change.Count}"));
        }

        output.Flush();
    }

    private void Draw(IReadOnlyList<(DateTimeOffset Minute, IReadOnlyDictionary<string, long> Counts)> minutes)
    {
        string[] skus = [.. minutes.SelectMany(minute => minute.Counts.Keys).Distinct().Order(StringComparer.Ordinal)];
        var text = new StringBuilder();
        if (_drawn > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{_drawn}A"); // up to where the last table began
        }

        text.Append("\e[1m").Append("minute (UTC)".PadRight(MinuteWidth));
        AppendCells(skus);
        text.Append("\e[0m");
        NextLine();
        foreach (var (minute, counts) in minutes)
        {
            text.Append(minute.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture).PadRight(MinuteWidth));
            AppendCells(skus.Select(sku => counts.GetValueOrDefault(sku).ToString(CultureInfo.InvariantCulture)));
            NextLine();
        }

        _drawn = minutes.Count + 1;
        output.Write(text);
        output.Flush();

        void AppendCells(IEnumerable<string> cells)
        {
            foreach (var cell in cells)
            {
                text.Append(cell.PadLeft(CountWidth));
            }
        }

        void NextLine() => text.Append("\e[K\n"); // what an older, longer line left behind is cleared
    }
}
