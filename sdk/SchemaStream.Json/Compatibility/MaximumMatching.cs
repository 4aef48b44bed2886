namespace SchemaStream.Json.Compatibility;

/// <summary>The most pairs that can be made of two sides, each used once: augmenting paths, found breadth first.</summary>
internal static class MaximumMatching
{
    /// <summary>For each on the left its partner on the right, or -1.</summary>
    /// <param name="left">How many are on the left.</param>
    /// <param name="right">How many are on the right.</param>
    /// <param name="likely">For each on the left who is likely to fit, or -1; asked first, and often nothing else is.</param>
    /// <param name="fits">Whether two fit. Asked no more often than is needed.</param>
    public static int[] Find(int left, int right, Func<int, int> likely, Func<int, int, bool> fits)
    {
        var partnerOfLeft = new int[left];
        var partnerOfRight = new int[right];
        Array.Fill(partnerOfLeft, -1);
        Array.Fill(partnerOfRight, -1);
        for (var i = 0; i < left; i++)
        {
            var j = likely(i);
            if (j >= 0 && partnerOfRight[j] < 0 && fits(i, j))
            {
                (partnerOfLeft[i], partnerOfRight[j]) = (j, i);
            }
        }

        for (var start = 0; start < left; start++)
        {
            if (partnerOfLeft[start] < 0)
            {
                Augment(start, partnerOfLeft, partnerOfRight, fits);
            }
        }

        return partnerOfLeft;
    }

    private static void Augment(int start, int[] partnerOfLeft, int[] partnerOfRight, Func<int, int, bool> fits)
    {
        var cameFrom = new int[partnerOfRight.Length];
        Array.Fill(cameFrom, -1);
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var i))
        {
            for (var j = 0; j < partnerOfRight.Length; j++)
            {
                if (cameFrom[j] >= 0 || !fits(i, j))
                {
                    continue;
                }

                cameFrom[j] = i;
                if (partnerOfRight[j] < 0)
                {
                    Turn(j, cameFrom, partnerOfLeft, partnerOfRight);
                    return;
                }

                open.Enqueue(partnerOfRight[j]);
            }
        }
    }

    /// <summary>Every second pair of the path gives way to the one before it.</summary>
    private static void Turn(int end, int[] cameFrom, int[] partnerOfLeft, int[] partnerOfRight)
    {
        for (var j = end; j >= 0;)
        {
            var i = cameFrom[j];
            var freed = partnerOfLeft[i];
            partnerOfLeft[i] = j;
            partnerOfRight[j] = i;
            j = freed;
        }
    }
}
