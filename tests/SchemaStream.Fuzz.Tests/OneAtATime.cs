// What the broker allocates and how long it takes is measured in this process: nothing else may run in it meanwhile.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
