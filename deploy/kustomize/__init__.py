"""The system on Kubernetes, by Kustomize: `base`, `overlays` and `components`, and what is made and checked of them here."""
