namespace Quickstart;

/// <summary>Whether everything was as told.</summary>
internal sealed class Verdict
{
    private int _failed;

    public void Check(string claim, bool holds)
    {
        Console.WriteLine($"   {(holds ? "ok  " : "FAIL")} {claim}");
        _failed += holds ? 0 : 1;
    }

    /// <summary>The last line, and the exit code.</summary>
    public int Report()
    {
        Console.WriteLine(_failed == 0 ? "\nEverything was as told." : $"\n{_failed} claims did not hold.");
        return _failed == 0 ? 0 : 1;
    }
}
