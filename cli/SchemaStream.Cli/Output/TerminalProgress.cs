using Spectre.Console;

namespace SchemaStream.Cli.Output;

/// <summary>A bar that shows how far long work is. It stays as it was last when it is disposed.</summary>
internal sealed class TerminalProgress : IDisposable
{
    private const int BarWidth = 24;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _shown;
    private readonly ProgressTask _bar;

    /// <param name="writer">The terminal; nobody else may write to it until this is disposed.</param>
    /// <param name="width">Characters of a line; null: the terminal is asked.</param>
    /// <param name="hasColours">Whether it may have colours.</param>
    /// <param name="what">What is being done; not empty.</param>
    public TerminalProgress(TextWriter writer, int? width, bool hasColours, string what)
    {
        var bars = TerminalView.On(writer, width, hasColours).Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new RemainingTimeColumn());
        var begun = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);

        // By itself, for whoever reports waits for it, and may be what it would go on in.
        _shown = Task.Run(() => bars.StartAsync(async context =>
        {
            begun.SetResult(context.AddTask(Markup.Escape(what)));
            await _ended.Task;
        }));
        if (Task.WaitAny(begun.Task, _shown) != 0)
        {
            _shown.GetAwaiter().GetResult(); // it ended before it began, so this throws what ended it
        }

        _bar = begun.Task.GetAwaiter().GetResult();
    }

    /// <summary>Says how far it is.</summary>
    public void Report(string what, long done, long of)
    {
        _bar.Description = Markup.Escape(what);
        _bar.MaxValue = Math.Max(1, of);
        _bar.Value = of <= 0 ? 1 : Math.Clamp(done, 0, of);
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        _shown.GetAwaiter().GetResult(); // draws the bar once more, which takes no time
    }
}
