from dtsgan.plugin.cli import main

raise SystemExit(main())
